import {Audio, Sequence, interpolate, staticFile} from "remotion";
import type {NightdeskProps, Scene} from "./props";

const BEHIND = 0.3;
const STEP = 8;

/** The voice, what sounds beside it, and music that steps back behind words and fades out at the end. */
export const Sound = (props: NightdeskProps) => {
  const {narration, narrationFrom, sounds, music, musicVolume, scenes, frames, fps} = props;
  return (
    <>
      {narration ? (
        <Sequence from={narrationFrom}>
          <Audio src={staticFile(narration)} />
        </Sequence>
      ) : null}
      {sounds.map((sound, at) => (
        <Sequence key={at} from={sound.from}>
          <Audio src={staticFile(sound.file)} />
        </Sequence>
      ))}
      {music ? (
        <Audio
          src={staticFile(music)}
          loop
          loopVolumeCurveBehavior="extend"
          volume={(frame) => musicVolume * stepping(frame, scenes, fps) * fading(frame, frames, fps)}
        />
      ) : null}
    </>
  );
};

const fading = (frame: number, frames: number, fps: number): number =>
  interpolate(frame, [frames - Math.min(1.5 * fps, frames / 2), frames], [1, 0], {
    extrapolateLeft: "clamp",
    extrapolateRight: "clamp",
  });

/** All of the music between words, less of it as a word comes near and until it is over. */
const stepping = (frame: number, scenes: Scene[], fps: number): number => {
  const away = scenes.flatMap((scene) =>
    scene.words.map((word) =>
      Math.max(scene.from + word.start * fps - frame, frame - scene.from - word.end * fps, 0),
    ),
  );
  return interpolate(Math.min(STEP, ...away), [0, STEP], [BEHIND, 1]);
};

import {AbsoluteFill, Sequence} from "remotion";
import {Captions} from "./Captions";
import {useFonts} from "./fonts";
import {Footage} from "./Footage";
import type {NightdeskProps} from "./props";
import {Sound} from "./Sound";
import {Watermark} from "./Watermark";

export const Video = (props: NightdeskProps) => {
  const {scenes, captions, watermark} = props;
  const family = useFonts(props.fonts);
  return (
    <AbsoluteFill style={{backgroundColor: "black"}}>
      {scenes.map((scene, at) => (
        <Sequence
          key={at}
          from={scene.from - scene.before}
          durationInFrames={scene.before + scene.frames + scene.after}
        >
          <Footage scene={scene} />
        </Sequence>
      ))}
      {watermark
        ? scenes.map((scene, at) => (
            <Sequence key={at} from={scene.from} durationInFrames={scene.frames}>
              {scene.bare ? null : <Watermark watermark={watermark} />}
            </Sequence>
          ))
        : null}
      {captions
        ? scenes.map((scene, at) => (
            <Sequence key={at} from={scene.from} durationInFrames={scene.frames}>
              <Captions look={captions} phrases={scene.phrases} direction={props.direction} family={family} />
            </Sequence>
          ))
        : null}
      <Sound {...props} />
    </AbsoluteFill>
  );
};

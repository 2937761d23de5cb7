import {
  AbsoluteFill,
  Easing,
  Img,
  Loop,
  OffthreadVideo,
  interpolate,
  staticFile,
  useCurrentFrame,
  useVideoConfig,
} from "remotion";
import {useClipFrames} from "./clips";
import type {Move, Scene} from "./props";

const CLOSER = 1.12;
const PAN = 1.1;
const PAN_A_SECOND = 0.05;

/** One scene, fading in over the one before. */
export const Footage = ({scene}: {scene: Scene}) => {
  const frame = useCurrentFrame();
  const length = scene.before + scene.frames + scene.after;
  const opacity = scene.before
    ? interpolate(frame, [-1, 2 * scene.before], [0, 1], {
        extrapolateRight: "clamp",
        easing: Easing.inOut(Easing.sin),
      })
    : 1;
  return (
    <AbsoluteFill style={{opacity}}>
      {scene.kind === "clip" ? (
        <Clip file={scene.file} length={length} whole={scene.bare} />
      ) : (
        <Picture scene={scene} share={Math.min(1, frame / Math.max(1, length - 1))} length={length} />
      )}
    </AbsoluteFill>
  );
};

const filling = {width: "100%", height: "100%", objectFit: "cover"} as const;

const Clip = ({file, length, whole}: {file: string; length: number; whole: boolean}) => {
  const frames = useClipFrames(staticFile(file));
  if (frames === null) {
    return null;
  }
  return (
    <Loop durationInFrames={Math.min(frames, length)} layout="none">
      <OffthreadVideo src={staticFile(file)} muted style={whole ? {...filling, objectFit: "contain"} : filling} />
    </Loop>
  );
};

const Picture = ({scene, share, length}: {scene: Scene; share: number; length: number}) => {
  const {fps} = useVideoConfig();
  const eased = share - (0.5 * Math.sin(2 * Math.PI * share)) / (2 * Math.PI);
  return (
    <Img
      src={staticFile(scene.file)}
      style={{...filling, transform: transform(scene.move, eased, length / fps), willChange: "transform"}}
    />
  );
};

const transform = (move: Move, share: number, seconds: number): string => {
  if (move === "push-in" || move === "pull-out") {
    const closeness = move === "push-in" ? share : 1 - share;
    return `scale(${CLOSER ** closeness})`;
  }
  if (move === "still") {
    return "none";
  }
  // A pan goes as far as the closer picture reaches beyond the frame, and no faster than is pleasant.
  const reach = Math.min((PAN - 1) / 2, (PAN_A_SECOND * seconds) / 2) * 100;
  const towards = move === "pan-left" || move === "pan-up" ? 1 : -1;
  const moved = towards * (2 * share - 1) * reach;
  const across = move === "pan-left" || move === "pan-right";
  return `translate(${across ? moved : 0}%, ${across ? 0 : moved}%) scale(${PAN})`;
};

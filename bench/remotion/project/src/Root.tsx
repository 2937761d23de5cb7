import {Composition} from "remotion";
import type {NightdeskProps} from "./props";
import {Video} from "./Video";

const EMPTY: NightdeskProps = {
  version: 1,
  width: 1080,
  height: 1920,
  fps: 30,
  frames: 30,
  language: "en",
  direction: "ltr",
  scenes: [],
  narration: null,
  narrationFrom: 0,
  sounds: [],
  music: null,
  musicVolume: 0.22,
  watermark: null,
  captions: null,
  fonts: [],
};

export const Root = () => (
  <Composition
    id="Nightdesk"
    component={Video}
    defaultProps={EMPTY}
    width={EMPTY.width}
    height={EMPTY.height}
    fps={EMPTY.fps}
    durationInFrames={EMPTY.frames}
    calculateMetadata={({props}) => ({
      width: props.width,
      height: props.height,
      fps: props.fps,
      durationInFrames: props.frames,
    })}
  />
);

import {Img, staticFile, useVideoConfig} from "remotion";
import type {Watermark as Mark} from "./props";

/** The mark in its corner, a twentieth of the shorter side from both edges. */
export const Watermark = ({watermark}: {watermark: Mark}) => {
  const {width, height} = useVideoConfig();
  const edge = Math.round(Math.min(width, height) * 0.05);
  const [vertical, across] = watermark.corner.split("-");
  return (
    <Img
      src={staticFile(watermark.file)}
      style={{
        position: "absolute",
        [vertical]: edge,
        [across]: edge,
        width: Math.round(width * watermark.share),
        opacity: watermark.opacity,
      }}
    />
  );
};

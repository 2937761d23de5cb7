import {useEffect, useState} from "react";
import {cancelRender, continueRender, delayRender, useVideoConfig} from "remotion";

/** How many whole frames of this video a clip lasts; null until that is known. */
export const useClipFrames = (source: string): number | null => {
  const {fps} = useVideoConfig();
  const [frames, setFrames] = useState<number | null>(null);
  const [waiting] = useState(() => delayRender(`length of ${source}`));
  useEffect(() => {
    const video = document.createElement("video");
    video.preload = "metadata";
    video.onloadedmetadata = () => {
      setFrames(Math.max(1, Math.floor(video.duration * fps)));
      continueRender(waiting);
    };
    video.onerror = () => cancelRender(new Error(`The clip ${source} cannot be read.`));
    video.src = source;
  }, [source, fps, waiting]);
  return frames;
};

import {useEffect, useState} from "react";
import {cancelRender, continueRender, delayRender, staticFile} from "remotion";
import type {Font} from "./props";

/** Loads the fonts, and gives the value for `font-family` that names them all. */
export const useFonts = (fonts: Font[]): string => {
  const [waiting] = useState(() => delayRender("fonts"));
  useEffect(() => {
    Promise.all(fonts.map((font) => new FontFace(font.family, `url("${staticFile(font.file)}")`).load()))
      .then((loaded) => {
        loaded.forEach((face) => document.fonts.add(face));
        continueRender(waiting);
      })
      .catch((error) => cancelRender(error));
  }, [fonts, waiting]);
  return [...fonts.map((font) => `"${font.family}"`), "sans-serif"].join(", ");
};

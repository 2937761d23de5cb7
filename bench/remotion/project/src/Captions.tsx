import {useCurrentFrame, useVideoConfig} from "remotion";
import type {CSSProperties} from "react";
import type {Captions as Look, Phrase, Word} from "./props";

type Given = {look: Look; phrases: Phrase[]; direction: "ltr" | "rtl"; family: string};

/** The phrase being said, its words coloured as they are said. */
export const Captions = ({look, phrases, direction, family}: Given) => {
  const {fps, width, height} = useVideoConfig();
  const now = useCurrentFrame() / fps;
  const phrase = phrases.find((one) => one.start <= now && now < one.end);
  if (!phrase) {
    return null;
  }
  const {area} = look;
  const column: CSSProperties = {
    position: "absolute",
    left: area.left,
    right: width - area.right,
    bottom: height - area.bottom,
    direction,
    fontFamily: family,
    fontSize: look.size,
    fontWeight: 800,
    lineHeight: 1.25,
    textAlign: "center",
    whiteSpace: "pre",
    color: look.text,
  };
  return (
    <div style={column}>
      {phrase.lines.map((line, at) => (
        <div key={at}>
          <span style={lettered(look)}>
            {line.map((word, place) => (
              <span key={place} style={{color: coloured(look, word, now)}}>
                {(place && !word.joined ? " " : "") + word.text}
              </span>
            ))}
          </span>
        </div>
      ))}
    </div>
  );
};

const lettered = (look: Look): CSSProperties =>
  look.box
    ? {backgroundColor: look.edge, padding: `0 ${look.outline}px`}
    : {WebkitTextStroke: `${2 * look.outline}px ${look.edge}`, paintOrder: "stroke fill"};

const coloured = (look: Look, word: Word, now: number): string => {
  const said = word.start <= now;
  const lit = look.highlight === "sweep" ? said : look.highlight === "word" && said && now < word.end;
  return lit ? look.accent : look.text;
};

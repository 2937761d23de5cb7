/**
 * What Nightdesk gives a composition, as JSON. Files are names for staticFile(); times are seconds, from a
 * scene's own start where they stand in a scene; sizes are pixels; `from`, `frames`, `before` and `after` are
 * frames.
 */
export type NightdeskProps = {
  /** Raised when something is taken away or means something else; what is merely added raises nothing. */
  version: 1;
  width: number;
  height: number;
  fps: number;
  /** The whole video has exactly so many. */
  frames: number;
  /** BCP 47, such as "en". */
  language: string;
  direction: "ltr" | "rtl";
  scenes: Scene[];
  /** The voice, or null, and the frame from which it is heard. */
  narration: string | null;
  narrationFrom: number;
  /** What else is heard, such as an intro's own sound: files that may be clips, each from a frame on. */
  sounds: {file: string; from: number}[];
  /** Music to be repeated and to step back behind the voice, or null. */
  music: string | null;
  /** How loud the music is where nobody speaks; 1 leaves it as it is. */
  musicVolume: number;
  watermark: Watermark | null;
  /** How words are shown, or null where the site wants none on the picture. */
  captions: Captions | null;
  /** Fonts that have every letter of the captions, in the order to look a letter up in. */
  fonts: Font[];
};

export type Scene = {
  kind: "picture" | "clip";
  file: string;
  from: number;
  frames: number;
  /** So long it is shown before `from` and after its end too, while it fades from and to its neighbours. */
  before: number;
  after: number;
  /** How the camera goes over a picture; a clip moves by itself, and begins anew where it is too short. */
  move: Move;
  /** The same for the same scene: for whatever should look random and stay as it is. */
  seed: number;
  /** An intro or outro: to be shown whole, without captions and watermark. */
  bare: boolean;
  words: Word[];
  /** The same words, grouped and broken into lines as in the captions beside the file. */
  phrases: Phrase[];
};

export type Move =
  | "still"
  | "push-in"
  | "pull-out"
  | "pan-left"
  | "pan-right"
  | "pan-up"
  | "pan-down";

export type Word = {
  text: string;
  start: number;
  end: number;
  /** Whether it stands without a space behind the one before. */
  joined: boolean;
};

export type Phrase = {start: number; end: number; lines: Word[][]};

export type Watermark = {
  file: string;
  corner: "top-left" | "top-right" | "bottom-left" | "bottom-right";
  /** Of the frame's width. */
  share: number;
  opacity: number;
};

export type Captions = {
  style: string;
  /** What is coloured: nothing, the word being said, or all that was said of the phrase. */
  highlight: "none" | "word" | "sweep";
  /** Pixels of an em, and of the outline or of the box around the letters. */
  size: number;
  outline: number;
  box: boolean;
  /** "#rrggbb" */
  text: string;
  accent: string;
  edge: string;
  /** Where no platform lays its buttons; right and bottom are outside. */
  area: {left: number; top: number; right: number; bottom: number};
};

export type Font = {family: string; file: string};

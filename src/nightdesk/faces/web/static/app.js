// What every page does; each part is a small module of its own.
import "./menus.js";
import "./dialogs.js";
import "./toasts.js";
import "./palette.js";
import "./live.js";
import "./forms.js";
import "./passwords.js";

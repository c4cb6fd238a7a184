// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Every sentence of the watch page, Thai first; keys are named by place. The page comes in Thai; a switch, which this
// browser remembers, makes it English.
import { keep, kept } from "./kept.js";

/** @type {Record<string, [thai: string, english: string]>} */
export const words = {
  "about.calm": ["ภาพสด", "Live"],
  "about.behind": ["ย้อนดูอยู่ {} ก่อนภาพสด", "Watching {} behind live"],
  "about.ended": ["จบการถ่ายทอดแล้ว", "Ended"],
  "about.film": ["บันทึกการถ่ายทอด", "Recording"],
  "about.latency": ["ช้ากว่าห้องส่ง {} วินาที", "{} s behind the studio"],
  "about.live": ["กำลังถ่ายทอดสด", "Live now"],
  "about.markers": ["จุดสำคัญ", "Key moments"],
  "about.soon": ["ยังไม่เริ่ม", "Not yet begun"],
  "about.viewers": ["ผู้ชม {} คน", "{} watching"],
  "bar.label": ["ตำแหน่งในการถ่ายทอด", "Position"],
  "bar.live": ["ภาพสด", "Live"],
  "bar.of": ["{} จาก {}", "{} of {}"],
  "bar.behind": ["ย้อนหลัง {}", "{} behind live"],
  "controls.captions": ["คำบรรยาย", "Captions"],
  "controls.full": ["เต็มจอ", "Full screen"],
  "controls.goLive": ["ไปภาพสด", "Go live"],
  "controls.live": ["สด", "Live"],
  "controls.menu": ["ตั้งค่าการรับชม", "Settings"],
  "controls.mute": ["ปิดเสียง", "Mute"],
  "controls.pause": ["หยุดชั่วคราว", "Pause"],
  "controls.pip": ["หน้าต่างลอย", "Picture in picture"],
  "controls.play": ["เล่น", "Play"],
  "controls.smaller": ["ออกจากเต็มจอ", "Leave full screen"],
  "controls.sound": ["แตะเพื่อเปิดเสียง", "Tap for sound"],
  "controls.unmute": ["เปิดเสียง", "Unmute"],
  "controls.volume": ["ระดับเสียง", "Volume"],
  "curtain.again": ["ลองอีกครั้ง", "Try again"],
  "curtain.away": ["สัญญาณจากห้องส่งขาดหายชั่วคราว", "The studio’s signal is away for a moment"],
  "curtain.awayMore": ["ภาพจะกลับมาเองทันทีที่สัญญาณกลับมา ไม่ต้องโหลดหน้าใหม่", "The picture returns by itself as soon as the signal does. No need to reload."],
  "curtain.broken": ["เบราว์เซอร์นี้เล่นภาพนี้ไม่ได้", "This browser cannot play this picture"],
  "curtain.brokenMore": ["ลองใช้ Chrome, Edge, Firefox หรือ Safari รุ่นปัจจุบัน หรือเปิดบนเครื่องอื่น", "Try a current Chrome, Edge, Firefox or Safari, or another device."],
  "curtain.days": ["{} วัน", "{} days"],
  "curtain.day": ["1 วัน", "1 day"],
  "curtain.evaluate": ["ประเมินความพึงพอใจ", "Tell us how it was"],
  "curtain.inTime": ["เริ่มในอีก", "Begins in"],
  "curtain.fromStart": ["ดูตั้งแต่ต้น", "Watch from the start"],
  "curtain.noFilm": ["ไม่พบบันทึกนี้แล้ว", "This recording is no longer here"],
  "curtain.noFilmMore": ["บันทึกอาจถูกลบตามกำหนด โปรดสอบถามผู้จัดงาน", "It may have been deleted as agreed. Please ask the organisers."],
  "curtain.noSignal": ["ยังไม่มีสัญญาณเข้ามา", "No signal comes in yet"],
  "curtain.noSignalMore": ["ภาพตรวจจะขึ้นเองเมื่อเครื่องส่งเริ่มส่ง", "The preview appears by itself when the encoder begins."],
  "curtain.offline": ["ติดต่อเซิร์ฟเวอร์ไม่ได้", "The server cannot be reached"],
  "curtain.offlineMore": ["โปรดตรวจอินเทอร์เน็ตของท่าน หน้านี้จะลองใหม่เองเรื่อย ๆ", "Please check your connection. This page keeps trying by itself."],
  "curtain.opening": ["กำลังเปิดภาพ …", "Opening the picture …"],
  "curtain.refused": ["ต้องใช้ลิงก์จากผู้จัดงาน", "A link from the organisers is needed"],
  "curtain.refusedMore": ["ลิงก์นี้อาจหมดอายุหรือไม่ครบ โปรดเปิดจากลิงก์ล่าสุดที่ได้รับ หรือขอลิงก์ใหม่จากผู้จัดงาน", "This link may have expired or be incomplete. Please open the latest link you were sent, or ask for a new one."],
  "curtain.soon": ["ถึงเวลาแล้ว กำลังรอสัญญาณจากห้องส่ง", "It is time: waiting for the studio"],
  "curtain.soonMore": ["ภาพจะขึ้นเองเมื่อเริ่ม เปิดหน้านี้ค้างไว้ได้เลย", "The picture appears by itself. Just leave this page open."],
  "curtain.thanks": ["จบการถ่ายทอดแล้ว", "The broadcast has ended"],
  "curtain.thanksMore": ["ขอบคุณที่ติดตามชม", "Thank you for watching."],
  "curtain.waiting": ["กำลังรอสัญญาณจากห้องส่ง", "Waiting for the studio"],
  "films.download": ["ดาวน์โหลด", "Download"],
  "films.minutes": ["{} นาที", "{} min"],
  "films.back": ["กลับไปหน้าถ่ายทอดสด", "Back to the live page"],
  "films.title": ["ชมย้อนหลัง", "Watch again"],
  "films.watch": ["บันทึกเมื่อ {}", "Recorded {}"],
  "help.close": ["ปิด", "Close"],
  "help.captions": ["เปิดหรือปิดคำบรรยาย", "Captions on or off"],
  "help.full": ["เต็มจอ", "Full screen"],
  "help.help": ["แสดงรายการปุ่มนี้", "Show these keys"],
  "help.live": ["ไปภาพสด", "Go live"],
  "help.mute": ["เปิดหรือปิดเสียง", "Mute or unmute"],
  "help.play": ["เล่นหรือหยุดชั่วคราว", "Play or pause"],
  "help.seek": ["ถอยหลังหรือไปข้างหน้า 10 วินาที", "Back or forward 10 s"],
  "help.space": ["เว้นวรรค", "Space"],
  "help.title": ["ปุ่มลัดบนแป้นพิมพ์", "Keyboard"],
  "help.volume": ["เพิ่มหรือลดเสียง", "Louder or quieter"],
  "menu.auto": ["อัตโนมัติ", "Automatic"],
  "menu.autoNow": ["อัตโนมัติ ({})", "Automatic ({})"],
  "menu.calm": ["นิ่งที่สุด", "Steadiest"],
  "menu.calmMore": ["เผื่อเน็ตสะดุด ภาพช้าขึ้นไม่กี่วินาที", "For an uneven line; a few seconds later"],
  "menu.captions": ["คำบรรยาย", "Captions"],
  "menu.captionsNone": ["ยังไม่มีคำบรรยาย", "No captions yet"],
  "menu.close": ["ปิดการตั้งค่า", "Close settings"],
  "menu.closest": ["ใกล้ภาพสดที่สุด", "Closest to live"],
  "menu.closestMore": ["เหมาะกับการถามตอบ", "Best for questions and answers"],
  "menu.help": ["ปุ่มลัดบนแป้นพิมพ์", "Keyboard"],
  "menu.large": ["ตัวใหญ่", "Large"],
  "menu.largest": ["ตัวใหญ่มาก", "Very large"],
  "menu.latency": ["ระยะห่างจากภาพสด", "Distance from live"],
  "menu.normal": ["ตัวปกติ", "Usual size"],
  "menu.off": ["ปิด", "Off"],
  "menu.pip": ["หน้าต่างลอย", "Picture in picture"],
  "menu.quality": ["คุณภาพ", "Quality"],
  "menu.sound": ["เสียง", "Sound"],
  "menu.soundOnly": ["ฟังเสียงอย่างเดียว", "Sound only"],
  "menu.soundOnlyMore": ["ประหยัดเน็ตที่สุด", "Needs the least of your line"],
  "menu.speed": ["ความเร็ว", "Speed"],
  "page.brand": ["สัญญาณ", "Sanyan"],
  "page.language": ["ภาษา", "Language"],
  "page.picture": ["ภาพและปุ่มควบคุม", "Picture and controls"],
  "page.soundOnly": ["กำลังฟังเสียงอย่างเดียว", "Playing sound only"],
  "page.preview": ["ภาพตรวจ", "Preview"],
  "page.slow": ["เน็ตไม่พอสำหรับภาพ ลองฟังเสียงอย่างเดียว", "The line is too slow for the picture. Try sound only."],
  "talk.answered": ["ตอบแล้ว", "Answered"],
  "talk.ask": ["คำถามของท่าน", "Your question"],
  "talk.asQuestion": ["เป็นคำถามถึงวิทยากร", "This is a question to the speakers"],
  "talk.count": ["{} จาก {} ตัวอักษร", "{} of {} characters"],
  "talk.empty": ["ยังไม่มีข้อความ", "Nothing yet"],
  "talk.emptyQuestions": ["ยังไม่มีคำถาม ถามได้เลย ผู้ดูแลจะอ่านก่อนขึ้นจอ", "No questions yet. Ask away: the office reads each one before it is shown."],
  "talk.failed": ["ส่งไม่สำเร็จ ข้อความยังอยู่ โปรดลองอีกครั้ง", "It could not be sent. Your text is still here; please try again."],
  "talk.from": ["ชื่อที่ใช้แสดง", "Your name"],
  "talk.newer": ["มีข้อความใหม่", "New messages"],
  "talk.noText": ["โปรดพิมพ์ข้อความก่อนส่ง", "Please write something first"],
  "talk.noName": ["โปรดบอกชื่อที่จะให้แสดง", "Please say what you want to be called"],
  "talk.office": ["เจ้าหน้าที่", "Office"],
  "talk.open": ["พูดคุย", "Talk"],
  "talk.question": ["คำถาม", "Question"],
  "talk.questions": ["ถามวิทยากร", "Questions"],
  "talk.send": ["ส่ง", "Send"],
  "talk.sentQuestion": ["ส่งคำถามแล้ว รอผู้ดูแลอ่าน", "Your question was sent and waits to be read"],
  "talk.text": ["ข้อความ", "Message"],
  "talk.waiting": ["รอผู้ดูแลอ่าน", "Waiting to be read"],
};

/** @typedef {"th" | "en"} Language */

/** @type {Language} */
let chosen = kept("language") === "en" ? "en" : "th";

export const language = () => chosen;

/** Tells that everything is to be said again. */
export const spoken = new EventTarget();

/**
 * A sentence in the reader's language; each `{}` is one of the values.
 * @param {string} key
 * @param {(string | number)[]} values
 */
export function say(key, ...values) {
  const sentence = words[key]?.[chosen === "th" ? 0 : 1] ?? key;
  let next = 0;
  return sentence.replace(/\{\}/g, () => String(values[next++] ?? ""));
}

/**
 * Says again what the page came with: `data-word` is an element's text, `data-label` its name for those who hear it.
 * @param {ParentNode} root
 */
export function speak(root = document) {
  for (const one of root.querySelectorAll("[data-word]")) one.textContent = say(one.getAttribute("data-word") ?? "");
  for (const one of root.querySelectorAll("[data-label]")) {
    const label = say(one.getAttribute("data-label") ?? "");
    one.setAttribute("aria-label", label);
    if (one.matches("button")) one.setAttribute("title", label);
  }
}

/** @param {Language} other */
export function choose(other) {
  chosen = other;
  keep("language", other === "en" ? "en" : "");
  document.documentElement.lang = other;
  speak();
  spoken.dispatchEvent(new Event("change"));
}

const zone = "Asia/Bangkok";

/**
 * A date and a time: the year is of the Buddhist era in Thai.
 * @param {number} milliseconds since 1970
 */
export function day(milliseconds) {
  const locale = chosen === "th" ? "th-TH-u-ca-buddhist" : "en-GB";
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: zone }).format(milliseconds);
  return `${date} ${chosen === "th" ? "เวลา" : "at"} ${hour(milliseconds)}`;
}

/** @param {number} milliseconds since 1970 */
export function hour(milliseconds) {
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone }).format(milliseconds);
  return chosen === "th" ? `${time} น.` : time;
}

/** @param {number} number */
export const count = (number) => new Intl.NumberFormat(chosen === "th" ? "th-TH" : "en-GB").format(number);

/**
 * `4:05`, or `1:04:05`.
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/**
 * What a language calls itself here.
 * @param {string} code
 */
export function languageName(code) {
  try {
    return new Intl.DisplayNames([chosen], { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

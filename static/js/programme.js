// Says what time it is where the reader sits, if their clock shows another one than the meeting's.
for (const line of document.querySelectorAll("[data-elsewhere]")) {
  const { zone, first, last, words, link, href } = line.dataset;
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const language = document.documentElement.lang;
  const clock = (at, timeZone) => new Intl.DateTimeFormat(language, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
  const day = (at, timeZone) => new Intl.DateTimeFormat(language, { timeZone, weekday: "short", day: "numeric", month: "short" }).format(new Date(at));
  const differs = (at) => day(at, own) + clock(at, own) !== day(at, zone) + clock(at, zone);
  if (!own || !first || ![first, last].some(differs)) continue;
  const at = differs(first) ? first : last;
  const there = day(at, own) === day(at, zone) ? clock(at, own) : `${clock(at, own)}, ${day(at, own)}`;
  const said = { here: clock(at, zone), place: zone.split("/").pop().replaceAll("_", " "), there, zone: own.replaceAll("_", " ") };
  const both = document.createElement("a");
  both.href = href.replace("ZONE", encodeURIComponent(own));
  both.rel = "nofollow";
  both.textContent = link;
  line.append(words.replace(/\{(\w+)\}/g, (_, name) => said[name]), " ", both);
  line.hidden = false;
  for (const general of document.querySelectorAll("[data-zone-line]")) general.hidden = true;
}

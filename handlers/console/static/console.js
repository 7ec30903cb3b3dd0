// The desk works without any of this: here is what a script can do better.
// (1) What a page shows is kept up by its one stream; focus, selection and what is
//     unfolded stay as they are.
// (2) Text is read aloud where it says so, by a voice of this machine alone.

const said = document.querySelectorAll("[data-say]");
for (const button of said) button.hidden = !("speechSynthesis" in window);

document.addEventListener("click", event => {
  const button = event.target.closest("[data-say]");
  if (!button) return;
  const from = button.dataset.from ? document.getElementById(button.dataset.from) : null;
  const words = new SpeechSynthesisUtterance(from ? from.value : button.dataset.say);
  words.lang = button.lang || document.documentElement.lang;
  // A voice that is not local would send the text away.
  words.voice = speechSynthesis.getVoices().find(v => v.localService && v.lang.startsWith(words.lang)) ?? null;
  if (!words.voice) return;
  speechSynthesis.cancel();
  speechSynthesis.speak(words);
});

document.documentElement.dataset.ready = "yes";

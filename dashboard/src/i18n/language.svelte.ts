/** The language in force: words, and numbers and dates written its way, in Berlin's time. */
import { Formats } from '../data/formats';
import { de, type Words } from './de';
import { en } from './en';

export type Language = 'de' | 'en';

const SLOT = 'landpuls.language';
const WORDS: Record<Language, Words> = { de, en };

class Locale {
  language = $state<Language>(localStorage.getItem(SLOT) === 'en' ? 'en' : 'de');
  words = $derived(WORDS[this.language]);
  formats = $derived(new Formats(this.language === 'de' ? 'de-DE' : 'en-GB'));

  choose(language: Language): void {
    this.language = language;
    localStorage.setItem(SLOT, language);
  }
}

export const locale = new Locale();

import type { Agent } from './agent.js';
import { randomText } from './bytes.js';

const KEY = 'countersign-consents';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Without those that look like others. */
const READABLE = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

export interface ImplicitConsent {
  durationInDays?: number;
}

export interface ExplicitConsent {
  /** Of the agent's dialog. */
  title: string;
  /** Shown by the page and by the dialog; the user compares them. See {@link codeWord}. */
  codeWord: string;
  durationInDays?: number;
  alertLevel?: 'information' | 'question' | 'warning' | 'error';
  alertPosition?:
    | 'standard' | 'center' | 'left' | 'right' | 'top' | 'top_left' | 'top_right' | 'bottom' | 'bottom_left' | 'bottom_right';
  type?: 'reader' | 'file_exchange';
  /** In seconds. */
  timeout?: number;
}

interface Given {
  consentState?: string;
  consents?: unknown;
}

/** A word for a dialog, to be compared by eye: 8 letters and digits. */
export function codeWord(): string {
  return randomText(8, READABLE);
}

/** The user's consent that this site uses their cards: for this user, browser and origin, until a day. */
export class Consent {
  constructor(
    private readonly agent: Agent,
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  ) {}

  /**
   * Puts a secret word into the clipboard, where the agent finds it: only a page in this user's own session can have put it
   * there. To be called from the handler of a click, or the browser does not let it write; what was in the clipboard is
   * replaced.
   */
  async implicit(options: ImplicitConsent = {}): Promise<void> {
    // 32 characters of 62 are 190 bits.
    const word = randomText(32, LETTERS);
    await navigator.clipboard.writeText(word);
    await this.request({ codeWord: word, ...options });
  }

  /** Has the agent ask the user. */
  async explicit(options: ExplicitConsent): Promise<void> {
    await this.request({ ...options });
  }

  /** Whether there is a consent that is still good. */
  async isGiven(): Promise<boolean> {
    const consents = this.kept();
    if (consents.length === 0) {
      return false;
    }
    const answer = (await this.agent.post('/v3/validate', { consents })) as Given;
    this.keep(answer.consents);
    return answer.consentState === 'APPROVED';
  }

  private async request(body: object): Promise<void> {
    const consents = this.kept();
    const answer = (await this.agent.post('/v3/consent', consents.length === 0 ? body : { ...body, consents })) as Given;
    this.keep(answer.consents);
    if (answer.consentState !== 'APPROVED') {
      throw this.agent.error('consent-refused');
    }
  }

  private kept(): unknown[] {
    try {
      const consents: unknown = JSON.parse(this.storage.getItem(KEY) ?? '[]');
      return Array.isArray(consents) ? consents : [];
    } catch {
      return [];
    }
  }

  private keep(consents: unknown): void {
    if (Array.isArray(consents) && consents.length > 0) {
      this.storage.setItem(KEY, JSON.stringify(consents));
    } else {
      this.storage.removeItem(KEY);
    }
  }
}

/** Why a call failed, as far as a page can tell; each asks something else of the user. */
export type Reason =
  | 'agent-absent'
  | 'permission-denied'
  | 'tls-untrusted'
  | 'origin-refused'
  | 'consent-required'
  | 'consent-refused'
  | 'throttled'
  | 'no-desktop'
  | 'token-missing'
  | 'token-refused'
  | 'answer-forged'
  | 'agent-outdated'
  | 'busy'
  | 'no-card'
  | 'no-module'
  | 'no-certificate'
  | 'algorithm-refused'
  | 'pin-missing'
  | 'pin-not-entered'
  | 'pin-wrong'
  | 'pin-last-try'
  | 'pin-locked'
  | 'library-failed'
  | 'refused';

export type Language = 'en' | 'es';

/** What the user is told to do. */
const ADVICE: Record<Language, Record<Reason, string>> = {
  en: {
    'agent-absent':
      'The agent was not found on this computer. Install it or start it, then try again. If the browser asked whether this page may reach apps on this device, allow it.',
    'permission-denied':
      'The browser does not let this page reach apps on this device. Open the site settings beside the address, allow access to the local network or to apps on this device, and reload the page.',
    'tls-untrusted':
      'The agent runs, but the browser does not trust its certificate. Have the agent’s certificate authority trusted on this computer, restart the browser, and try again.',
    'origin-refused':
      'The agent runs, but does not serve this site. Ask whoever manages the agent to add this site to those that are allowed.',
    'consent-required': 'The agent needs your consent before this site may use your cards.',
    'consent-refused': 'You gave no consent, or not in time. Ask again if that was not what you wanted.',
    throttled: 'You were asked too often without agreeing. Wait a minute, then try again.',
    'no-desktop': 'The agent can not show windows here, or not read the clipboard. Tell whoever manages this computer.',
    'token-missing': 'This site has not signed in to the agent. Reload the page; if that does not help, tell the site’s operator.',
    'token-refused':
      'The agent does not accept this site’s token. Reload the page, and see that this computer’s clock is right; if that does not help, tell the site’s operator.',
    'answer-forged': 'An answer was not signed by the agent. Do not go on; tell whoever manages this computer.',
    'agent-outdated':
      'The agent on this computer is too old for this site: it does not sign its answers as it must without TLS. Update the agent, then reload the page.',
    busy: 'The reader is in use. Try again in a moment.',
    'no-card': 'There is no card in the reader, or none that the agent knows. Insert the card and try again.',
    'no-module': 'The software for this card is missing on this computer. Install it and restart the agent.',
    'no-certificate': 'The card has no such certificate. Take another card or certificate.',
    'algorithm-refused': 'The card does not sign in this way. Take another certificate.',
    'pin-missing': 'Enter the card’s PIN.',
    'pin-not-entered': 'No PIN was entered in the agent’s window, so nothing was done. Try again.',
    'pin-wrong': 'The PIN is wrong. Look it up before you try again: the card locks itself after some wrong ones.',
    'pin-last-try': 'One more wrong PIN would lock the card, so nothing was tried. Verify the PIN with the card’s own software first.',
    'pin-locked': 'The card is locked. Unlock it with the card’s own software, or ask who issued it.',
    'library-failed': 'The card’s software failed. Take the card out, put it in again, and retry.',
    refused: 'The agent refused the call.',
  },
  es: {
    'agent-absent':
      'No se ha encontrado el agente en este equipo. Instálelo o inícielo y vuelva a intentarlo. Si el navegador ha preguntado si esta página puede acceder a aplicaciones de este dispositivo, permítalo.',
    'permission-denied':
      'El navegador no deja que esta página acceda a aplicaciones de este dispositivo. Abra la configuración del sitio junto a la dirección, permita el acceso a la red local o a las aplicaciones de este dispositivo y recargue la página.',
    'tls-untrusted':
      'El agente funciona, pero el navegador no confía en su certificado. Haga que este equipo confíe en la autoridad de certificación del agente, reinicie el navegador y vuelva a intentarlo.',
    'origin-refused':
      'El agente funciona, pero no atiende a este sitio. Pida a quien administra el agente que añada este sitio a los permitidos.',
    'consent-required': 'El agente necesita su consentimiento para que este sitio pueda usar sus tarjetas.',
    'consent-refused': 'No ha dado su consentimiento, o no a tiempo. Pídalo de nuevo si no era lo que quería.',
    throttled: 'Se le ha preguntado demasiadas veces sin que aceptara. Espere un minuto y vuelva a intentarlo.',
    'no-desktop': 'El agente no puede mostrar ventanas aquí, o no puede leer el portapapeles. Avise a quien administra este equipo.',
    'token-missing': 'Este sitio no se ha identificado ante el agente. Recargue la página; si no sirve, avise al responsable del sitio.',
    'token-refused':
      'El agente no acepta el token de este sitio. Recargue la página y compruebe que el reloj de este equipo va bien; si no sirve, avise al responsable del sitio.',
    'answer-forged': 'Una respuesta no estaba firmada por el agente. No continúe; avise a quien administra este equipo.',
    'agent-outdated':
      'El agente de este equipo es demasiado antiguo para este sitio: no firma sus respuestas como debe sin TLS. Actualice el agente y recargue la página.',
    busy: 'El lector está en uso. Vuelva a intentarlo dentro de un momento.',
    'no-card': 'No hay ninguna tarjeta en el lector, o el agente no la conoce. Introduzca la tarjeta y vuelva a intentarlo.',
    'no-module': 'Falta en este equipo el software de esta tarjeta. Instálelo y reinicie el agente.',
    'no-certificate': 'La tarjeta no tiene ese certificado. Use otra tarjeta u otro certificado.',
    'algorithm-refused': 'La tarjeta no firma de esta manera. Use otro certificado.',
    'pin-missing': 'Introduzca el PIN de la tarjeta.',
    'pin-not-entered': 'No se ha introducido ningún PIN en la ventana del agente, así que no se ha hecho nada. Vuelva a intentarlo.',
    'pin-wrong': 'El PIN no es correcto. Compruébelo antes de volver a intentarlo: la tarjeta se bloquea tras varios errores.',
    'pin-last-try': 'Otro PIN erróneo bloquearía la tarjeta, así que no se ha intentado. Verifique antes el PIN con el software de la tarjeta.',
    'pin-locked': 'La tarjeta está bloqueada. Desbloquéela con su software o consulte a quien la emitió.',
    'library-failed': 'El software de la tarjeta ha fallado. Saque la tarjeta, vuelva a introducirla y repita.',
    refused: 'El agente ha rechazado la llamada.',
  },
};

/** By the agent's code; what is not here is "refused". */
const REASONS: Readonly<Record<number, Reason>> = {
  814500: 'agent-absent',
  814501: 'consent-required',
  101429: 'throttled',
  101501: 'no-desktop',
  104025: 'token-refused',
  104026: 'origin-refused',
  105404: 'no-card',
  105409: 'no-card',
  105503: 'busy',
  106404: 'no-module',
  302102: 'no-certificate',
  106400: 'algorithm-refused',
  106502: 'library-failed',
  106503: 'library-failed',
  106504: 'library-failed',
  107400: 'pin-missing',
  107401: 'pin-wrong',
  107402: 'pin-last-try',
  107403: 'pin-locked',
  107405: 'pin-not-entered',
};

/** A call that failed. `message` is for the user, in their language; the rest is for the page and its log. */
export class ConnectorError extends Error {
  readonly reason: Reason;
  /** The agent's code, when it answered. */
  readonly code: number | undefined;
  /** What the agent says, in English, when it answered. */
  readonly description: string | undefined;

  constructor(reason: Reason, language: Language, code?: number, description?: string) {
    super(ADVICE[language][reason]);
    this.name = 'ConnectorError';
    this.reason = reason;
    this.code = code;
    this.description = description;
  }

  static ofCode(code: number, description: string, language: Language): ConnectorError {
    return new ConnectorError(REASONS[code] ?? 'refused', language, code, description);
  }
}

/** A person who may sign in, as an administrator sees them. Times are ISO texts, null where there is none. */
export interface Account {
  name: string;
  displayName: string;
  roles: string[];
  /** says by which state of the account a change is meant */
  revision: number;
  createdAt: string;
  signedInAt: string | null;
  /** how many sign-ins are open */
  sessions: number;
  lockedAt: string | null;
  /** no attempt counts until then, after failures */
  silencedUntil: string | null;
  /** the password came from an administrator and is not changed yet */
  firstPasswordUntil: string | null;
  authenticator: boolean;
  needsAuthenticator: boolean;
  /** without them nobody, or only somebody who never signed in, could administer */
  lastAdministrator: boolean;
}

export interface Token {
  id: string;
  name: string;
  roles: string[];
  issuedAt: string;
  expiresAt: string;
  by: string;
  revokedAt: string | null;
}

/** A line of the audit log. */
export interface Change {
  at: string;
  what: string;
  who: string;
  on: string;
  outcome: string;
  /** why it was refused; null where it was done */
  code: string | null;
  detail: string | null;
  from: string | null;
  /** above 1 for refusals that were counted together */
  count: number;
}

/** What is shown once and never again. */
export interface Secret {
  kind: 'password' | 'token';
  /** whose */
  name: string;
  text: string;
  until: string;
}

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/** Keeps secrets that are stored unreadable for whoever has the database but not the key. */
export interface SecretBox {
  /** @param owner what it belongs to: a sealed secret that is copied to another owner cannot be opened there. */
  seal(secret: string, owner: string): Buffer;
  /** @throws Error where the key is another one, or anything was changed. */
  open(sealed: Buffer, owner: string): string;
}

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. Sealed: nonce, tag, ciphertext. @param key 32 bytes. */
export const secretBox = (key: Buffer): SecretBox => ({
  seal: (secret, owner) => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(owner));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  },
  open: (sealed, owner) => {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(owner)).setAuthTag(tag);
    try {
      return decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    } catch {
      throw new Error('a secret cannot be opened: LOTLINE_SECRETS_KEY is not the key that it was sealed with');
    }
  },
});

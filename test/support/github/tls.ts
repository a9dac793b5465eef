// A certificate for 127.0.0.1 made for one run, because `gh` speaks only HTTPS.
import { writeFile } from 'node:fs/promises';
import { generate } from 'selfsigned';

const dayMs = 24 * 3600_000;

export type Certificate = {
  key: string;
  cert: string;
  /** File with what a client has to trust, for SSL_CERT_FILE. */
  caFile: string;
};

/** Makes key and certificate, valid for two days, and writes the certificate to `caFile`. */
export async function makeCertificate(caFile: string): Promise<Certificate> {
  const made = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] },
    ],
  });
  await writeFile(caFile, made.cert);
  return { key: made.private, cert: made.cert, caFile };
}

import { X509Certificate } from 'node:crypto';

export interface CaCertificate {
  /** As OpenSSL writes it anew: nothing but the certificate. */
  pem: string;
  subject: string;
  notAfter: Date;
}

/** Reads one CA certificate in PEM; a text says what is wrong with it. */
export function readCaCertificate(text: string): CaCertificate | string {
  const blocks = text.match(/-----BEGIN [A-Z0-9 ]+-----/g) ?? [];
  if (blocks.some((block) => block.includes('PRIVATE KEY')))
    return 'holds a private key; give the certificate only';
  if (blocks.length !== 1) return 'must be exactly one certificate in PEM';
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(text);
  } catch {
    return 'must be one certificate in PEM, and this one can not be read';
  }
  if (!certificate.ca) return 'must be the certificate of a CA (basicConstraints CA:TRUE)';
  return {
    pem: certificate.toString(),
    subject: certificate.subject.replaceAll('\n', ', ').slice(0, 256),
    notAfter: certificate.validToDate,
  };
}

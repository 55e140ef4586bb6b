// The host's side of enrolling by hand.
import { createHash, randomBytes, X509Certificate } from 'node:crypto'
import { type ChannelCredentials, credentials, loadPackageDefinition, type ServiceError } from '@grpc/grpc-js'
import type { Test } from 'tap'
import { hashSecret } from '../../collector/domain/enrollment.ts'
import type { StoredToken } from '../../collector/store/identity-records.ts'
import type { Store } from '../../collector/store/store.ts'
import type { ProtoGrpcType } from '../../proto/generated/enrollment.ts'
import type { EnrollRequest } from '../../proto/generated/gabion/v1/EnrollRequest.ts'
import type { EnrollResponse__Output } from '../../proto/generated/gabion/v1/EnrollResponse.ts'
import { wireDefinition } from '../../proto/wire.ts'

const derToPem = (der: Uint8Array): string => new X509Certificate(der).toString()

export function enrollmentClient(t: Pick<Test, 'teardown'>, address: string, channel: ChannelCredentials) {
  const { gabion } = loadPackageDefinition(wireDefinition) as unknown as ProtoGrpcType
  const client = new gabion.v1.EnrollmentService(address, channel, { 'grpc.use_local_subchannel_pool': 1 })
  t.teardown(() => client.close())
  const ask = (
    work: (reply: (error: ServiceError | null, answer?: EnrollResponse__Output) => void) => unknown,
  ): Promise<EnrollResponse__Output> =>
    new Promise((resolve, reject) => {
      work((error, answer) => (answer ? resolve(answer) : reject(error)))
    })
  return {
    enroll: (request: EnrollRequest) => ask(reply => client.Enroll(request, reply)),
    renew: (signingRequest: Uint8Array) =>
      ask(reply => client.Renew({ signingRequest: Buffer.from(signingRequest) }, reply)),
  }
}

/** Channel credentials of a host that was enrolled. */
export function enrolledCredentials({ certificateChain, authorities }: EnrollResponse__Output, key: string) {
  const roots = Buffer.from(authorities.map(derToPem).join(''))
  return credentials.createSsl(roots, Buffer.from(key), Buffer.from(certificateChain.map(derToPem).join('')))
}

/** Puts a token into the store. @returns its secret */
export async function addToken(store: Store, change: Partial<StoredToken> = {}): Promise<Buffer> {
  const secret = randomBytes(32)
  const lives = { createdAtMs: Date.now(), expiresAtMs: Date.now() + 3_600_000, maxUses: 5, uses: 0, revokedAtMs: 0 }
  const token = {
    id: 'tok1',
    description: '',
    labels: {},
    needsApproval: false,
    ...lives,
    secretHash: hashSecret(secret),
  }
  await store.write(transaction => transaction.putToken({ ...token, ...change }))
  return secret
}

export function enrollRequest(
  secret: Buffer,
  signingRequest: Uint8Array,
  change: Partial<EnrollRequest> = {},
): EnrollRequest {
  return {
    ...{ tokenId: 'tok1', tokenSecret: secret, signingRequest: Buffer.from(signingRequest) },
    requestId: createHash('sha256').update(signingRequest).digest('hex').slice(0, 32),
    ...{ hostname: 'db-1', machineId: 'm', bootId: 'b', agentVersion: '0.1.0' },
    ...change,
  }
}

// A stand-in for a container runtime: answers runtime.v1 on a Unix socket from given rows.
import { Server, ServerCredentials, type ServiceDefinition } from '@grpc/grpc-js'
import { fromJSON } from '@grpc/proto-loader'
import { criDescriptor } from '../agent/host/cri-descriptor.ts'

export interface StandInSandbox {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly uid: string
  /** 0 ready, 1 not */
  readonly state: number
  readonly handler: string
}

export interface StandInContainer {
  readonly id: string
  readonly sandboxId: string
  readonly name: string
  readonly image: string
  readonly userImage: string
  /** 1 running, 2 exited */
  readonly state: number
}

export interface StandIn {
  readonly runtimeName: string
  readonly runtimeVersion: string
  readonly sandboxes?: readonly StandInSandbox[]
  readonly containers?: readonly StandInContainer[]
}

interface Asked {
  readonly request: { readonly filter?: { readonly state?: { readonly state?: number } | null } | null }
}
type Answer = (error: null, answer: object) => void

/** Listens until the test ends. `without the service`: a gRPC server that knows no runtime.v1. */
export async function startCriServer(
  t: { teardown(handler: () => unknown): unknown },
  path: string,
  standIn: StandIn | 'without the service',
): Promise<void> {
  const server = new Server({ 'grpc.max_send_message_length': -1 })
  if (typeof standIn !== 'string') server.addService(service, handlers(standIn))
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), error => (error ? reject(error) : resolve()))
  })
  t.teardown(() => server.forceShutdown())
}

const definition = fromJSON(criDescriptor as Parameters<typeof fromJSON>[0], { defaults: true })
const service = definition['runtime.v1.RuntimeService'] as unknown as ServiceDefinition

function handlers({ runtimeName, runtimeVersion, sandboxes = [], containers = [] }: StandIn) {
  const wanted = (asked: Asked) => asked.request.filter?.state?.state
  return {
    Version: (_: unknown, answer: Answer) => answer(null, { runtimeName, runtimeVersion, runtimeApiVersion: 'v1' }),
    ListPodSandbox: (asked: Asked, answer: Answer) =>
      answer(null, {
        items: sandboxes
          .filter(({ state }) => state === wanted(asked))
          .map(({ id, name, namespace, uid, handler }) => ({
            ...{ id, metadata: { name, namespace, uid }, runtimeHandler: handler },
          })),
      }),
    ListContainers: (asked: Asked, answer: Answer) =>
      answer(null, {
        containers: containers
          .filter(({ state }) => state === wanted(asked))
          .map(({ id, sandboxId, name, image, userImage }) => ({
            ...{ id, podSandboxId: sandboxId, metadata: { name }, imageRef: 'sha256:0' },
            image: { image, userSpecifiedImage: userImage },
          })),
      }),
  }
}

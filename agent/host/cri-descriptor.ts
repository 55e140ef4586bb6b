// The part of the Kubernetes Container Runtime Interface that is asked: messages and calls of runtime.v1 by number.

interface Field {
  type: string
  id: number
  rule?: 'repeated'
}
const text = (id: number): Field => ({ type: 'string', id })
const message = (fields: Record<string, Field>) => ({ fields })
const list = (type: string, id: number): Field => ({ type, id, rule: 'repeated' })

/** In the form of protobuf.js. Fields that are not read are left out: what is unknown is skipped. */
export const criDescriptor = {
  nested: {
    runtime: {
      nested: {
        v1: {
          nested: {
            VersionRequest: message({ version: text(1) }),
            VersionResponse: message({ runtimeName: text(2), runtimeVersion: text(3), runtimeApiVersion: text(4) }),
            PodSandboxMetadata: message({ name: text(1), uid: text(2), namespace: text(3) }),
            PodSandboxStateValue: message({ state: { type: 'int32', id: 1 } }),
            PodSandboxFilter: message({ state: { type: 'PodSandboxStateValue', id: 2 } }),
            ListPodSandboxRequest: message({ filter: { type: 'PodSandboxFilter', id: 1 } }),
            PodSandbox: message({
              id: text(1),
              metadata: { type: 'PodSandboxMetadata', id: 2 },
              runtimeHandler: text(7),
            }),
            ListPodSandboxResponse: message({ items: list('PodSandbox', 1) }),
            ContainerStateValue: message({ state: { type: 'int32', id: 1 } }),
            ContainerFilter: message({ state: { type: 'ContainerStateValue', id: 2 } }),
            ListContainersRequest: message({ filter: { type: 'ContainerFilter', id: 1 } }),
            ContainerMetadata: message({ name: text(1) }),
            ImageSpec: message({ image: text(1), userSpecifiedImage: text(18) }),
            Container: message({
              id: text(1),
              podSandboxId: text(2),
              metadata: { type: 'ContainerMetadata', id: 3 },
              image: { type: 'ImageSpec', id: 4 },
              imageRef: text(5),
            }),
            ListContainersResponse: message({ containers: list('Container', 1) }),
            RuntimeService: {
              methods: {
                Version: { requestType: 'VersionRequest', responseType: 'VersionResponse' },
                ListPodSandbox: { requestType: 'ListPodSandboxRequest', responseType: 'ListPodSandboxResponse' },
                ListContainers: { requestType: 'ListContainersRequest', responseType: 'ListContainersResponse' },
              },
            },
          },
        },
      },
    },
  },
}

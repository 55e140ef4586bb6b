// Reads the attribute security.capability of a file, where the module that can do it is installed.

export type ReadCapability = (path: string) => string

interface XattrModule {
  getAttributeSync(path: string, name: string): Uint8Array | null
}

/** @returns a function that tells the attribute in hex, '' for none; undefined without the module for this platform */
export async function openCapabilityReader(): Promise<ReadCapability | undefined> {
  const xattr = await loadModule()
  if (!xattr) return undefined
  return path => {
    const value = xattr.getAttributeSync(path, 'security.capability')
    return value === null ? '' : Buffer.from(value).toString('hex')
  }
}

async function loadModule(): Promise<XattrModule | undefined> {
  try {
    const loaded: { default: XattrModule } = await import('@napi-rs/xattr')
    return loaded.default
  } catch {
    return undefined
  }
}

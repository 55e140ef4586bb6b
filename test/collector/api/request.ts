// Requests by hand: any method, any header, also those that fetch would not send.
import { request } from 'node:http'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

export interface Ask {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** @param address HOST:PORT */
export function ask(address: string, path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(`http://${address}`, { path, method, headers, agent: false }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', chunk => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** Follows a list to its end. @returns the items of each page */
export async function pages<T>(base: string, path: string): Promise<readonly (readonly T[])[]> {
  const found: (readonly T[])[] = []
  let cursor = ''
  for (;;) {
    const separator = path.includes('?') ? '&' : '?'
    const response = await fetch(`${base}/api/v1/${path}${cursor === '' ? '' : `${separator}cursor=${cursor}`}`)
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    const page = (await response.json()) as { items: readonly T[]; nextCursor?: string }
    found.push(page.items)
    if (page.nextCursor === undefined) return found
    cursor = page.nextCursor
  }
}

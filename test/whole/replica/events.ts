// Reads drift as server-sent events, and goes on after the last one when a collector ends.

export interface DriftEvent {
  readonly id: number
  readonly text: string
}

export interface EventReader {
  readonly events: readonly DriftEvent[]
  /** how often it had to connect anew */
  readonly connections: number
  close(): Promise<void>
}

/** @param base chosen before each connection, such as `http://127.0.0.1:8080` */
export function readEvents(base: () => string): EventReader {
  const events: DriftEvent[] = []
  const end = new AbortController()
  let connections = 0
  let last = 0

  async function read(): Promise<void> {
    connections++
    const headers = { 'last-event-id': String(last) }
    const response = await fetch(`${base()}/api/v1/events`, { headers, signal: end.signal })
    if (!response.ok || !response.body) throw new Error(`events: ${response.status}`)
    let rest = ''
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = /^data: (.*)$/m.exec(block)?.[1]
        if (data === undefined) continue
        const event = JSON.parse(data) as DriftEvent
        last = event.id
        events.push(event)
      }
    }
  }

  async function keepReading(): Promise<void> {
    while (!end.signal.aborted) {
      await read().catch(() => undefined)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
  const reading = keepReading()
  return {
    events,
    get connections() {
      return connections
    },
    async close() {
      end.abort()
      await reading
    },
  }
}

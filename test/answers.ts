// Waits for a program that serves HTTP.

/** Asks until there is a good answer or the process has ended. @param url what it answers with a 2xx once it is ready */
export async function answers(url: string, child: { readonly exitCode: number | null }): Promise<boolean> {
  for (let attempt = 0; attempt < 300 && child.exitCode === null; attempt++) {
    const isGood = await fetch(url).then(
      response => response.ok,
      () => false,
    )
    if (isGood) return true
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return false
}

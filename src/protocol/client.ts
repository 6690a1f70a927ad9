import type { Command } from './commands.ts';
import type { WorkerEvent } from './events.ts';

/** The part of a Worker that a client uses. */
export type WorkerPort = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

/** The page's end of a worker: typed commands out, typed events in, nothing after `terminate`. */
export class WorkerClient {
  private readonly port: WorkerPort;
  private closed = false;

  /** @param onEvent also hears as `crashed` that the script could not be loaded, or threw outside of a command */
  constructor(port: WorkerPort, onEvent: (event: WorkerEvent) => void) {
    this.port = port;
    const tell = (event: WorkerEvent): void => {
      if (!this.closed) onEvent(event);
    };
    port.addEventListener('message', (message) => tell(message.data as WorkerEvent));
    port.addEventListener('error', (error) =>
      tell({ type: 'crashed', message: error.message || 'The worker could not be loaded.' }),
    );
    port.addEventListener('messageerror', () =>
      tell({ type: 'crashed', message: 'A message of the worker could not be read.' }),
    );
  }

  post(command: Command): void {
    if (!this.closed) this.port.postMessage(command);
  }

  /** Ends the worker at once, whatever it is doing; the GPU frees what it held. */
  terminate(): void {
    this.closed = true;
    this.port.terminate();
  }
}

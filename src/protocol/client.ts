import type { Command } from './commands.ts';
import type { WorkerEvent } from './events.ts';

/** The part of a Worker that a client uses. */
export type WorkerPort = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

export interface ClientListeners {
  onEvent(event: WorkerEvent): void;
  /** The worker's script could not be loaded, or it threw outside of a command: nothing more will come from it. */
  onCrash(message: string): void;
}

/** The page's end of a worker: typed commands out, typed events in, nothing after `terminate`. */
export class WorkerClient {
  private readonly port: WorkerPort;
  private closed = false;

  constructor(port: WorkerPort, listeners: ClientListeners) {
    this.port = port;
    port.addEventListener('message', (message) => {
      if (!this.closed) listeners.onEvent(message.data as WorkerEvent);
    });
    port.addEventListener('error', (error) => {
      if (!this.closed) listeners.onCrash(error.message || 'The worker could not be loaded.');
    });
    port.addEventListener('messageerror', () => {
      if (!this.closed) listeners.onCrash('A message of the worker could not be read.');
    });
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

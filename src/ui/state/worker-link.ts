import { WorkerClient } from '../../protocol/client.ts';
import type { WorkerPort } from '../../protocol/client.ts';
import type { Command } from '../../protocol/commands.ts';
import type { WorkerEvent } from '../../protocol/events.ts';

/** Commands that change nothing about run or text. */
type Aside = Extract<
  Command,
  {
    type:
      | 'calibrate'
      | 'inspect'
      | 'attention-row'
      | 'peek'
      | 'watch'
      | 'sample'
      | 'stop-sample'
      | 'score'
      | 'stop-score';
  }
>;

interface Parts {
  /** Starts a worker. */
  connect(): WorkerPort;
  /** Whether nobody can see the page. */
  hidden(): boolean;
}

/** The page's worker, whichever it is by now: what is posted goes to that, and listeners hear only of that. */
export class WorkerLink {
  private readonly parts: Parts;
  private client: WorkerClient | null = null;
  private readonly listeners = new Set<(event: WorkerEvent) => void>();
  private requests = 0;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Starts a worker in place of the one before, if there is one, and asks for an adapter. */
  open(): void {
    this.client?.terminate();
    this.client = new WorkerClient(this.parts.connect(), (event) => {
      for (const listener of this.listeners) listener(event);
    });
    this.post({ type: 'probe' });
    if (this.parts.hidden()) this.tellVisibility();
  }

  post(command: Command): void {
    this.client?.post(command);
  }

  /** Sends a command that changes nothing about run or text. */
  send(command: Aside): void {
    this.post(command);
  }

  /** Tells whether anybody can see the page; to be called when that changes. */
  tellVisibility(): void {
    this.post({ type: 'visibility', hidden: this.parts.hidden() });
  }

  /** A number that no other request of this page has; 0 is for what the worker tells by itself. */
  newRequestId(): number {
    return ++this.requests;
  }

  /**
   * Hears of every event, before those who come to listen later: the controller is the first, so that the others hear of
   * one after it has changed the state. The function that it returns ends that.
   */
  listen(listener: (event: WorkerEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

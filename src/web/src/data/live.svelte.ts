import { router } from '../router.svelte';

/** A fact of the log, as the feed has it; see docs/feed.md. */
export interface FeedItem {
  number: number;
  type: string;
  recordedAt: string;
  dyads: string[];
  subject: string;
  rule?: string;
  user?: string;
  data: unknown;
}

/** Kinds of facts that the stream names its events by. `EventSource` gives an event only to those who ask for its name. */
const KINDS = (
  'incident_logged incident_corrected incident_retracted incident_reinstated incident_merged incident_absorbed incident_unmerged incident_released ' +
  'incident_split incident_unsplit incident_dissolved incident_graded incident_missing_upstream incident_found_upstream report_attached ' +
  'report_withdrawn reports_regraded alert_fired alert_severity_raised alert_resolved alert_recalled alert_amended alert_acknowledged alert_assigned ' +
  'alert_annotated alert_rule_drafted alert_rule_revised alert_rule_enabled alert_rule_disabled silence_set silence_lifted source_registered ' +
  'source_regraded actor_registered actor_amended posture_assessed posture_assessment_withdrawn relationship_checked relationship_check_withdrawn ' +
  'profile_stated stake_registered stake_amended stake_retired influence_claimed influence_claim_amended influence_claim_withdrawn pathway_laid_out ' +
  'pathway_amended pathway_step_progressed method_published method_adopted'
).split(' ');

type Hear = (items: readonly FeedItem[]) => void;

/** How long facts are gathered before listeners are told, in ms: an import sends thousands at once. */
const GATHER_MS = 120;

/**
 * The stream of a workspace: one connection for the whole page, given up while nobody looks at it (a browser has six for all its tabs) and taken up again
 * after the last number seen.
 */
class Live {
  /** Whether the stream is open; undefined before it was first asked for. */
  connected = $state<boolean>();
  /** Number of the last fact heard; 0 before any. */
  last = $state(0);
  #source: EventSource | undefined;
  #workspace = '';
  #hearers = new Set<Hear>();
  #gathered: FeedItem[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Tells what is recorded from now on, a few at a time, in order. Returns what ends it. */
  hear(hear: Hear): () => void {
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }

  /** Keeps the stream open for the workspace that is shown. To be called once, by the frame of the page. */
  keep(): () => void {
    const watch = () => (document.hidden ? this.#close() : this.#open());
    document.addEventListener('visibilitychange', watch);
    watch();
    return () => {
      document.removeEventListener('visibilitychange', watch);
      this.#close();
    };
  }

  #open(): void {
    const workspace = router.place.workspace;
    if (this.#source && this.#workspace === workspace && this.#source.readyState !== EventSource.CLOSED) {
      return;
    }

    if (this.#workspace !== workspace) {
      this.last = 0;
    }

    this.#close();
    this.#workspace = workspace;
    const source = new EventSource(`/api/v1/${workspace}/feed${this.last > 0 ? `?after=${this.last}` : ''}`);
    source.addEventListener('open', () => {
      this.connected = true;
    });
    source.addEventListener('error', () => {
      this.connected = false;
      if (source.readyState === EventSource.CLOSED) {
        setTimeout(() => this.#source === source && !document.hidden && this.#open(), 3000);
      }
    });
    source.addEventListener('reset', (e) => {
      this.last = Number((JSON.parse(e.data) as { after: number }).after);
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (e) => this.#take(JSON.parse((e as MessageEvent<string>).data) as FeedItem));
    }

    this.#source = source;
  }

  #close(): void {
    this.#source?.close();
    this.#source = undefined;
  }

  #take(item: FeedItem): void {
    this.last = item.number;
    this.#gathered.push(item);
    this.#timer ??= setTimeout(() => {
      const items = this.#gathered;
      this.#gathered = [];
      this.#timer = undefined;
      for (const hear of this.#hearers) {
        hear(items);
      }
    }, GATHER_MS);
  }
}

export const live = new Live();

/** Calls while a component is there, for facts that concern it. */
export function onFacts(concerns: (item: FeedItem) => boolean, then: (items: readonly FeedItem[]) => void): void {
  $effect(() =>
    live.hear((items) => {
      const mine = items.filter(concerns);
      if (mine.length > 0) {
        then(mine);
      }
    }),
  );
}

import { chartActions } from '../chart/chart-actions.ts';
import { openTab } from '../state/view.ts';
import type { Action } from './action.ts';
import { findSetting, toggleConfigure } from './configure-panel.ts';
import { startOver } from './start-over.ts';
import { tabs } from './tabs.ts';

const always = (): boolean => true;

const runActions: readonly Action[] = [
  {
    name: 'train',
    label: 'Train, pause, resume',
    key: ' ',
    isEnabled: always,
    perform: ({ controller }) => controller.toggle(),
  },
  { name: 'step', label: 'One step', key: '.', isEnabled: always, perform: ({ controller }) => controller.step() },
  {
    name: 'restart',
    label: 'Start over with the settings as they are now',
    key: 'r',
    shift: true,
    isEnabled: ({ run }) => run.getState().phase.name !== 'idle',
    perform: startOver,
  },
];

/** Every shortcut of the page, by what it is about. */
export const actionGroups: readonly { title: string; actions: readonly Action[] }[] = [
  { title: 'Run', actions: runActions },
  {
    title: 'Views',
    actions: tabs.map(({ id, label }, at) => ({
      name: id,
      label,
      key: String(at + 1),
      isEnabled: always,
      perform: ({ view }) => openTab(view, id),
    })),
  },
  { title: 'Charts', actions: chartActions },
  {
    title: 'Page',
    actions: [
      { name: 'find', label: 'Find a setting', key: '/', isEnabled: always, perform: findSetting },
      { name: 'configure', label: 'Show or hide the settings', key: 'c', isEnabled: always, perform: toggleConfigure },
      {
        name: 'share',
        label: 'Share',
        key: 's',
        isEnabled: always,
        perform: ({ shell }) => shell.setState({ dialog: 'share' }),
      },
      {
        name: 'keys',
        label: 'This list',
        key: '?',
        isEnabled: always,
        perform: ({ shell }) => shell.setState({ dialog: 'keys' }),
      },
    ],
  },
];

export const actions: readonly Action[] = actionGroups.flatMap((group) => group.actions);

/** Those of a page that is a part of another one: what they do is in sight. */
export const embeddedActions: readonly Action[] = [...runActions, ...chartActions];

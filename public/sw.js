// The worker that stays when no page is open. Raise the version when a part changes, so that browsers look again.
const VERSION = "1";

importScripts(`/sw/push.js?v=${VERSION}`);

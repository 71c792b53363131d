// The worker that stays when no page is open: one script per task. The server writes above which edition of the site this
// is, so browsers look again whenever a file has changed.
importScripts(`/sw/push.js?v=${self.EDITION}`, `/sw/offline.js?v=${self.EDITION}`);

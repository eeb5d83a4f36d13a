// What the reader's page adds where scripts run.
export {};

/** A calendar file that says nothing: somebody else may see the calendar. */

function stamp(unix: number): string {
  return new Date(unix * 1000).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** An iCalendar (RFC 5545) of one event of a quarter of an hour called `title`, without any other word. */
export function calendarFile(title: string, at: number, now: number, uid: string): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Reminder//EN',
    'BEGIN:VEVENT',
    `UID:${uid}`,
    `DTSTAMP:${stamp(now)}`,
    `DTSTART:${stamp(at)}`,
    `DTEND:${stamp(at + 900)}`,
    `SUMMARY:${title.replace(/[\\;,]/g, '\\$&').replace(/[\r\n]+/g, ' ')}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    'TRIGGER:PT0M',
    `DESCRIPTION:${title.replace(/[\\;,]/g, '\\$&').replace(/[\r\n]+/g, ' ')}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

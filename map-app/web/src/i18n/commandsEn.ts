import type { Dictionary } from './ja';

export const commandsEn: Dictionary['commands'] = {
  title: 'Find and do',
  open: 'Find and do',
  label: 'Find commands, assets, devices, incidents',
  placeholder: 'Find a command, asset, device or incident',
  nothing: 'Nothing found',
  count: (n) => `${n} found. Up and Down choose, Enter runs`,
  first: (n, of) => `The first ${n} of ${of}`,
  group: { command: 'Commands', item: 'Incidents', device: 'Devices', asset: 'Assets', drawing: 'Drawings', layer: 'Layers' },
  of: {
    find: 'Find commands, assets, devices', next: 'Next', previous: 'Previous', board: 'List of incidents', situation: 'Name the situation', statusReport: 'Make the status report', draw: 'Measure and draw', impact: 'Count who is affected',
    replay: 'See an earlier state', wall: 'Big screen', findings: 'List of findings', photos: 'List of photos', devices: 'List of devices', flights: 'List of flights', upload: 'Bring photos in (folder)', route: 'Plan a flight along the chosen asset',
    review: 'Open the review', locks: 'Bookings and locks', tablet: 'Switch to the field tablet', list: 'Open or close the list', layers: 'Open or close layers', importLayer: 'Import a layer', accounts: 'People and tokens', fit: 'Show everything on the map', mask: 'Mask on or off',
    photoZoom: 'Zoom the photo', photoPan: 'Move the photo (photo focused)', photoFit: 'Whole photo', mapMove: 'Move and zoom the map (map focused)', share: 'Copy the link to this view', theme: 'Light or dark theme', language: 'Japanese or English',
    back: 'Close details or list', help: 'Keyboard shortcuts',
  },
  words: {
    find: 'search', next: '', previous: '', board: 'board alarms reports', situation: 'event name typhoon', statusReport: 'prefecture pdf excel xlsx', draw: 'distance area line zone annotate', impact: 'flood residents population hazard', replay: 'time slider history past', wall: 'wall projector fullscreen monitor',
    findings: 'damage cracks', photos: 'pictures', devices: 'drones sensors locks', flights: 'drones', upload: 'upload drone', route: 'route drone', review: 'judge confirm', locks: 'doors batteries keys booking', tablet: 'field report', list: 'panel', layers: 'legend', importLayer: 'shapefile geojson geopackage kml csv hazard shelters', accounts: 'users administration password reset roles lock',
    fit: 'zoom all', mask: '', photoZoom: '', photoPan: '', photoFit: '', mapMove: '', share: 'url', theme: 'dark night', language: 'english', back: '', help: 'keys',
  },
};

// The globe: MapLibre draws the ground, deck.gl what is above it. Nobody else knows either.

import 'maplibre-gl/dist/maplibre-gl.css';
import { MapLibreOverlay } from '@deck.gl/maplibre';
import { Map as GroundMap, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { FeatureCollection, Geometry } from 'geojson';
import { between } from '../geo/place';
import { edges } from '../geo/ring';
import { air, type Name } from './air';
import { Census } from './drawn';
import { hatch } from './hatch';
import { countryName, land, type Land } from './land';
import { palette, rgba } from './palette';
import type { Camera, Look, MapOptions, MapView, Scene } from './scene';
import { shapes } from './shapes';
import { style } from './style';
import { atlas } from './symbols';

// Where scripts of the page itself only are allowed, the worker must have an address of its own.
setWorkerUrl(new URL(workerUrl, import.meta.url).href);

/** A country larger than this, in square degrees, has its name written on the globe. */
const NAMED_MIN = 7;
/** What is farther from the middle than this, over the ground, is at the edge of the globe or behind it, m. */
const FACING_M = 6.5e6;

class Globe implements MapView {
  private scene: Scene | undefined;
  private symbols;
  private readonly plots = shapes();
  private colours;
  private ground: Land | undefined;
  private names: Name[] = [];
  private zonesVersion = '';
  private coversVersion = '';
  private styled = false;
  private readonly overlay: MapLibreOverlay;
  private readonly map: GroundMap;

  constructor(
    element: HTMLElement,
    private readonly options: MapOptions,
  ) {
    this.colours = palette(options.dark);
    this.symbols = atlas(options.dark);
    this.map = new GroundMap({
      container: element,
      style: style(this.colours),
      center: [134, 36],
      zoom: 3.1,
      minZoom: 0.8,
      maxZoom: 11,
      attributionControl: false,
      fadeDuration: 0,
      refreshExpiredTiles: false,
      dragRotate: true,
    });
    const census = new Census(options.drawn);
    this.overlay = new MapLibreOverlay({
      layers: [],
      onClick: (info) => {
        const name = (info.object as { name?: string } | undefined)?.name;
        options.picked(name);
      },
      pickingRadius: 8,
      layerFilter: census.layerFilter,
      onAfterRender: census.onAfterRender,
    } as ConstructorParameters<typeof MapLibreOverlay>[0]);
    this.map.addControl(this.overlay);
    this.map.on('style.load', () => this.dress());
    this.map.on('move', () => options.moved(this.camera()));
    this.map.on('movestart', () => options.goes(true));
    this.map.on('moveend', () => options.goes(false));
  }

  async ready(): Promise<void> {
    this.ground = await land();
    this.speak(this.options.language);
    if (this.styled) this.dress();
    this.options.moved(this.camera());
  }

  show(scene: Scene): void {
    this.scene = scene;
    const { lon_deg, lat_deg } = this.camera();
    // What is written on the ground is not read through the Earth.
    const faces = ({ at }: { at: [number, number] }) => between(lat_deg, lon_deg, at[1], at[0]).m < FACING_M;
    const seen = { ...scene, notes: scene.notes.filter(faces) };
    this.overlay.setProps({ layers: air(seen, this.colours, this.symbols, this.plots, this.names.filter(faces)) });
    if (!this.styled) return;
    if (scene.zones_version !== this.zonesVersion) {
      this.zonesVersion = scene.zones_version;
      this.fill('zones', scene.zones.flatMap(({ ring, kind, chosen }) => shape(ring, { kind, chosen })));
    }
    if (scene.covers_version !== this.coversVersion) {
      this.coversVersion = scene.covers_version;
      this.fill('covers', scene.covers.flatMap(({ ring, hue }) => shape(ring, { hue })));
    }
  }

  look(look: Look, still: boolean): void {
    const animation = still ? { animate: false } : { duration: 900, essential: true };
    if ('box' in look) {
      const [west, south, east, north] = look.box;
      this.map.fitBounds([west, south, east, north], { padding: 70, maxZoom: 6.5, ...animation });
    } else {
      const zoom = look.zoom ? { zoom: look.zoom } : {};
      this.map.easeTo({ center: [look.lon_deg, look.lat_deg], ...zoom, ...animation });
    }
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter();
    const [zoom, bearing, pitch] = [this.map.getZoom(), this.map.getBearing(), this.map.getPitch()];
    return { lon_deg: lng, lat_deg: lat, zoom, bearing, pitch };
  }

  follow({ lon_deg, lat_deg, zoom, bearing, pitch }: Camera): void {
    this.map.jumpTo({ center: [lon_deg, lat_deg], zoom, bearing, pitch });
  }

  paint(dark: boolean): void {
    if (this.colours === palette(dark)) return;
    this.colours = palette(dark);
    this.symbols = atlas(dark);
    this.styled = false;
    this.map.setStyle(style(this.colours), { diff: false });
  }

  speak(language: string): void {
    this.names = (this.ground?.names ?? [])
      .filter(({ size }) => size > NAMED_MIN)
      .map(({ code, at }) => ({ text: countryName(code, language), at }))
      .filter(({ text }) => text !== '');
    if (this.scene) this.show(this.scene);
  }

  close(): void {
    this.map.remove();
  }

  /** Puts everything on a ground that was just drawn anew. */
  private dress(): void {
    this.styled = true;
    this.zonesVersion = this.coversVersion = '-';
    this.colours.owners.forEach((colour, hue) => {
      const image = hatch(hue, rgba(colour));
      if (!this.map.hasImage(`hatch-${hue}`)) this.map.addImage(`hatch-${hue}`, image, { pixelRatio: 2 });
    });
    if (this.ground) {
      this.source('land')?.setData({ type: 'Feature', properties: {}, geometry: this.ground.land });
      this.source('coasts')?.setData({ type: 'Feature', properties: {}, geometry: this.ground.coasts });
      this.source('borders')?.setData({ type: 'Feature', properties: {}, geometry: this.ground.borders });
      this.source('grid')?.setData({ type: 'Feature', properties: {}, geometry: this.ground.grid });
    }
    if (this.scene) this.show(this.scene);
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }

  private fill(id: string, features: FeatureCollection['features']): void {
    this.source(id)?.setData({ type: 'FeatureCollection', features });
  }
}

/** A ring as what it holds and as what is round it: led along a pole, it has no line there. */
function shape(ring: [number, number][], properties: Record<string, unknown>): FeatureCollection['features'] {
  const parts: Geometry[] = [{ type: 'Polygon', coordinates: [ring] }];
  for (const line of edges(ring)) parts.push({ type: 'LineString', coordinates: line });
  return parts.map((geometry) => ({ type: 'Feature', properties, geometry }));
}

export async function openGlobe(element: HTMLElement, options: MapOptions): Promise<MapView> {
  const globe = new Globe(element, options);
  try {
    await globe.ready();
  } catch (error) {
    globe.close();
    throw error;
  }
  return globe;
}

import { useMemo, useState } from 'react';
import { bitmapOf } from './bitmap.ts';
import { mapColors, mapRaster } from './map-image.ts';
import { MapLegend } from './MapLegend.tsx';
import { MapPicture } from './MapPicture.tsx';
import type { MapPictureProps } from './MapPicture.tsx';
import { headName } from './read-out.ts';
import { useDark } from './use-dark.ts';
import { WHOLE, zoomedTo } from './viewport.ts';

type HeadMapProps = Omit<MapPictureProps, 'image' | 'name' | 'viewport' | 'onViewport'>;

/** All queries of one head at once, as a picture. */
export function HeadMap(props: HeadMapProps) {
  const { capture, stream, before, position, query } = props;
  const dark = useDark();
  const [viewport, setViewport] = useState(WHOLE);
  const { geometry } = stream;
  const { view, mask, layer } = position;
  const bytes = capture.inspection.text.length;
  const isDifference = before !== null;
  const colors = useMemo(() => mapColors(isDifference, dark), [isDifference, dark]);
  const image = useMemo(() => {
    const raster = mapRaster(stream, before, bytes, { view, mask }, colors);
    return raster && bitmapOf(raster);
  }, [stream, before, bytes, view, mask, colors]);
  const name = `${geometry.factor}×, layer ${layer + 1}, ${headName(stream.head)}`;
  const zoom = (factor: number): void => setViewport(zoomedTo(viewport, viewport.size / factor, view, query / bytes));
  return (
    <>
      <div className="panel-head">
        <h2 id="map-title">
          {name}{' '}
          <span className="unit">
            {isDifference && 'change from A to B, '}
            {view === 'dist' ? 'query byte down, bytes back across' : 'query byte down, key byte across'}
          </span>
        </h2>
        <span className="zoom">
          <button
            type="button"
            className="button quiet icon-only small"
            aria-label="Zoom out"
            disabled={viewport.size >= 1}
            onClick={() => zoom(0.5)}
          >
            −
          </button>
          <button
            type="button"
            className="button quiet icon-only small"
            aria-label="Zoom in on the query"
            disabled={viewport.size <= 1 / 8}
            onClick={() => zoom(2)}
          >
            +
          </button>
        </span>
      </div>
      {image === null ? (
        <p className="empty">The {geometry.factor}× hierarchy has no attention.</p>
      ) : (
        <>
          <MapPicture {...props} image={image} name={name} viewport={viewport} onViewport={setViewport} />
          <MapLegend colors={colors} isDifference={isDifference} />
        </>
      )}
    </>
  );
}

using Field.Gdal;
using Field.Geo;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.Linemerge;

namespace Field.Ingest.Assets;

/// <summary>From a file's geometry to lon, lat: nothing is guessed, broken outlines are repaired and named.</summary>
internal sealed class AssetGeometry(string kind, OfficialCrs crs, List<AssetNote> faults, List<AssetNote> warnings)
{
    private static readonly Envelope Japan = new(122, 154.5, 20, 46.5);
    private bool _toldOfDatum;

    /// <summary>The system of a layer's coordinates, or null with a fault.</summary>
    public static OfficialCrs? SystemOf(VectorLayer layer, int? told, List<AssetNote> faults, List<AssetNote> warnings)
    {
        if ((told ?? layer.Crs?.Epsg) is not { } epsg)
        {
            string there = layer.Crs is { } unknown ? $"'{unknown.Name}'" : "-";
            faults.Add(new AssetNote(0, null, AssetFault.UnknownSystem(there)));
            return null;
        }

        if (OfficialCrs.IsTokyoDatum(epsg))
        {
            faults.Add(new AssetNote(0, null, AssetFault.TokyoDatum(epsg)));
            return null;
        }

        if (OfficialCrs.Find(epsg) is not { } crs)
        {
            faults.Add(new AssetNote(0, null, AssetFault.OtherSystem(epsg)));
            return null;
        }

        if (told is not null && layer.Crs?.Epsg is { } own && own != told && OfficialCrs.Find(own)?.Name != crs.Name)
        {
            warnings.Add(new AssetNote(0, null, $"ファイルは EPSG:{own} ですが、指定の EPSG:{told} で読みました", $"the file says EPSG:{own}; it was read as EPSG:{told}, as told"));
        }

        return crs;
    }

    /// <summary>The row's geometry, or null: with a fault unless the kind needs none.</summary>
    public Geometry? Of(VectorFeature row)
    {
        if (row.Wkb is null)
        {
            return kind == AssetKind.Element ? null : Fault(row, AssetFault.NoGeometry);
        }

        Geometry read;
        try
        {
            read = new WKBReader().Read(row.Wkb);
        }
        catch (Exception e) when (e is ParseException or ArgumentException)
        {
            return Fault(row, AssetFault.GeometryType(e.Message));
        }

        if (read.IsEmpty || crs.ToLonLat(read) is not { } moved)
        {
            return Fault(row, AssetFault.OutOfSystem(crs.Name, crs.Epsg));
        }

        if (!Japan.Contains(moved.EnvelopeInternal))
        {
            return Fault(row, AssetFault.OutsideJapan);
        }

        TellOfDatum(moved);
        return Fitting(Repaired(moved, row)) ?? Fault(row, AssetFault.OtherGeometry(kind, read.GeometryType));
    }

    private Geometry Repaired(Geometry geometry, VectorFeature row)
    {
        if (geometry is not (Polygon or MultiPolygon) || geometry.IsValid)
        {
            return geometry;
        }

        warnings.Add(new AssetNote(row.Row, null, "面の輪郭が交差していたため直しました", "its outline crosses itself and was repaired"));
        return GeometryFixer.Fix(geometry);
    }

    private Geometry? Fitting(Geometry geometry) => kind switch
    {
        AssetKind.Mark => geometry is MultiPoint { Count: 1 } one ? one[0] : geometry as Point,
        AssetKind.Levee => OneLine(geometry),
        AssetKind.Road => geometry is LineString or MultiLineString or Polygon or MultiPolygon && geometry.Dimension > Dimension.Point ? geometry : null,
        _ => geometry.IsEmpty ? null : geometry,
    };

    private static LineString? OneLine(Geometry geometry)
    {
        if (geometry is MultiLineString)
        {
            LineMerger merger = new();
            merger.Add(geometry);
            IList<Geometry> merged = merger.GetMergedLineStrings();
            return merged.Count == 1 ? (LineString)merged[0] : null;
        }

        return geometry is LineString line && line.Length > 0 ? line : null;
    }

    private void TellOfDatum(Geometry geometry)
    {
        Coordinate at = geometry.Coordinate;
        if (crs.IsJgd2000 && !_toldOfDatum && OfficialCrs.MovedIn2011(new LonLat(at.X, at.Y)))
        {
            _toldOfDatum = true;
            warnings.Add(new AssetNote(0, null, "JGD2000 の座標です。2011 年の地震で動いた地域では最大 5.3 m ずれます", "coordinates on JGD2000: where the ground moved in 2011 they are up to 5.3 m off"));
        }
    }

    private Geometry? Fault(VectorFeature row, AssetFault fault)
    {
        faults.Add(new AssetNote(row.Row, null, fault));
        return null;
    }
}

using Field.Gdal;
using Field.Geo;
using Field.Ingest.Import;
using NetTopologySuite.Geometries;
using NetTopologySuite.Operation.Linemerge;

namespace Field.Ingest.Assets;

/// <summary>The geometry that a kind of asset asks for, from a file's.</summary>
internal sealed class AssetGeometry(string kind, OfficialCrs crs, List<ImportNote> faults, List<ImportNote> warnings)
{
    private readonly ImportGeometry _import = new(crs, warnings);

    /// <summary>The row's geometry, or null: with a fault unless the kind needs none.</summary>
    public Geometry? Of(VectorFeature row)
    {
        if (row.Wkb is null && kind == AssetKind.Element)
        {
            return null;
        }

        ImportedGeometry read = _import.Of(row);
        if (read.Geometry is not { } geometry)
        {
            return Fault(row, read.Fault!);
        }

        if (read.Repair is { } repair)
        {
            warnings.Add(repair);
        }

        return Fitting(geometry) ?? Fault(row, AssetFault.OtherGeometry(kind, geometry.GeometryType));
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

    private Geometry? Fault(VectorFeature row, ImportFault fault)
    {
        faults.Add(new ImportNote(row.Row, null, fault));
        return null;
    }
}

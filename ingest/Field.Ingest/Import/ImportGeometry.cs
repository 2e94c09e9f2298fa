using System.Globalization;
using Field.Gdal;
using Field.Geo;
using NetTopologySuite.Geometries;
using NetTopologySuite.Geometries.Utilities;
using NetTopologySuite.IO;
using NetTopologySuite.Operation.Valid;

namespace Field.Ingest.Import;

/// <summary>What became of a row's geometry.</summary>
/// <param name="Geometry">lon, lat, valid; null when there is none that can be taken.</param>
/// <param name="Fault">Why not.</param>
/// <param name="Repair">What was wrong with the outline that is right now, or null.</param>
internal readonly record struct ImportedGeometry(Geometry? Geometry, ImportFault? Fault, ImportNote? Repair);

/// <summary>From a file's geometry to lon, lat, for every import: nothing is guessed, broken outlines are repaired and named.</summary>
internal sealed class ImportGeometry(OfficialCrs crs, List<ImportNote> warnings)
{
    private static readonly Envelope Japan = new(122, 154.5, 20, 46.5);
    private bool _toldOfDatum;

    /// <summary>The system of a layer's coordinates, or null with a fault.</summary>
    /// <param name="layer">What the file says.</param>
    /// <param name="told">What a person says, which counts more; or null.</param>
    /// <param name="faults">Takes why there is none.</param>
    /// <param name="warnings">Takes that file and person disagree.</param>
    public static OfficialCrs? SystemOf(VectorLayer layer, int? told, List<ImportNote> faults, List<ImportNote> warnings)
    {
        if ((told ?? layer.Crs?.Epsg) is not { } epsg)
        {
            string there = layer.Crs is { } unknown ? $"'{unknown.Name}'" : "-";
            return Refuse(faults, ImportFault.UnknownSystem(there));
        }

        if (OfficialCrs.IsTokyoDatum(epsg))
        {
            return Refuse(faults, ImportFault.TokyoDatum(epsg));
        }

        if (OfficialCrs.Find(epsg) is not { } crs)
        {
            return Refuse(faults, ImportFault.OtherSystem(epsg));
        }

        if (told is not null && layer.Crs?.Epsg is { } own && own != told && OfficialCrs.Find(own)?.Name != crs.Name)
        {
            warnings.Add(new ImportNote(0, null, $"ファイルは EPSG:{own} ですが、指定の EPSG:{told} で読みました", $"the file says EPSG:{own}; it was read as EPSG:{told}, as told"));
        }

        return crs;
    }

    /// <summary>True when coordinates of a file that claims degrees can only be metres, so that the whole file needs another system.</summary>
    public bool IsMetresAsDegrees(VectorFeature row, out ImportFault? fault)
    {
        fault = null;
        if (!crs.IsGeographic || row.Wkb is null || Read(row.Wkb, out _) is not { IsEmpty: false } geometry)
        {
            return false;
        }

        Coordinate at = geometry.Coordinate;
        if (Math.Abs(at.X) <= 360 && Math.Abs(at.Y) <= 360)
        {
            return false;
        }

        fault = ImportFault.MetresAsDegrees(string.Create(CultureInfo.InvariantCulture, $"{at.X:0.#}, {at.Y:0.#}"));
        return true;
    }

    /// <summary>The row's geometry, or why it has none.</summary>
    public ImportedGeometry Of(VectorFeature row)
    {
        if (row.Wkb is null)
        {
            return Refused(ImportFault.NoGeometry);
        }

        if (Read(row.Wkb, out string? why) is not { } read)
        {
            return Refused(ImportFault.GeometryType(why!));
        }

        if (crs.IsGeographic && IsInJapanWithLatFirst(read.EnvelopeInternal))
        {
            return Refused(ImportFault.LatBeforeLon);
        }

        if (read.IsEmpty || crs.ToLonLat(read) is not { } moved)
        {
            return Refused(ImportFault.OutOfSystem(crs.Name, crs.Epsg));
        }

        if (!Japan.Contains(moved.EnvelopeInternal))
        {
            return Refused(ImportFault.OutsideJapan);
        }

        TellOfDatum(moved);
        return Repaired(moved, row);
    }

    private static bool IsInJapanWithLatFirst(Envelope box) => !box.IsNull && Japan.Contains(new Envelope(box.MinY, box.MaxY, box.MinX, box.MaxX));

    private static ImportedGeometry Repaired(Geometry geometry, VectorFeature row)
    {
        if (geometry is not (Polygon or MultiPolygon) || new IsValidOp(geometry).ValidationError is not { } error)
        {
            return new(geometry, null, null);
        }

        string where = string.Create(CultureInfo.InvariantCulture, $"{error.Coordinate?.X:0.000000}, {error.Coordinate?.Y:0.000000}");
        (string ja, string en) = Words(error.ErrorType);
        Geometry fixedUp = TouchingRings.Repair(geometry) ?? GeometryFixer.Fix(geometry);
        return fixedUp is { IsEmpty: false } and (Polygon or MultiPolygon)
            ? new(fixedUp, null, new ImportNote(row.Row, null, $"{ja}ため直しました（{where}）", $"{en} and was repaired (at {where})"))
            : Refused(ImportFault.NotRepairable(where));
    }

    private static (string Ja, string En) Words(TopologyValidationErrors error) => error switch
    {
        TopologyValidationErrors.SelfIntersection => ("面の輪郭が交差していた", "its outline crosses itself"),
        TopologyValidationErrors.RingSelfIntersection => ("面の輪郭が自分に接していた", "its outline touches itself"),
        TopologyValidationErrors.HoleOutsideShell => ("穴が面の外にあった", "a hole lies outside its outline"),
        TopologyValidationErrors.NestedHoles => ("穴の中に穴があった", "a hole lies inside another"),
        TopologyValidationErrors.NestedShells => ("面が重なっていた", "its parts overlap"),
        TopologyValidationErrors.DisconnectedInteriors => ("面が穴で分かれていた", "holes cut it in two"),
        TopologyValidationErrors.DuplicateRings => ("同じ輪郭が二度あった", "it holds an outline twice"),
        TopologyValidationErrors.TooFewPoints => ("輪郭の点が足りなかった", "an outline has too few points"),
        TopologyValidationErrors.RingNotClosed => ("輪郭が閉じていなかった", "an outline is not closed"),
        _ => ("面の輪郭が正しくなかった", "its outline is not valid"),
    };

    private static Geometry? Read(byte[] wkb, out string? why)
    {
        try
        {
            why = null;
            return new WKBReader().Read(wkb);
        }
        catch (Exception e) when (e is ParseException or ArgumentException)
        {
            why = e.Message;
            return null;
        }
    }

    private static OfficialCrs? Refuse(List<ImportNote> faults, ImportFault fault)
    {
        faults.Add(new ImportNote(0, null, fault));
        return null;
    }

    private static ImportedGeometry Refused(ImportFault fault) => new(null, fault, null);

    private void TellOfDatum(Geometry geometry)
    {
        Coordinate at = geometry.Coordinate;
        if (crs.IsJgd2000 && !_toldOfDatum && OfficialCrs.MovedIn2011(new LonLat(at.X, at.Y)))
        {
            _toldOfDatum = true;
            warnings.Add(new ImportNote(0, null, "JGD2000 の座標です。2011 年の地震で動いた地域では最大 5.3 m ずれます", "coordinates on JGD2000: where the ground moved in 2011 they are up to 5.3 m off"));
        }
    }
}

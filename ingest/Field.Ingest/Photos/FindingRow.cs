using Field.Contracts;
using Field.Geo;
using Field.Ingest.Findings;
using Field.Store;
using Field.Vision;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Photos;

/// <summary>From a finding in pixels to one on the ground, in metres and millimetres.</summary>
internal static class FindingRow
{
    public const string StatusDraft = "draft";
    public const string StatusSuperseded = "superseded";

    /// <summary>True when a person has decided: scoring never changes what the row says.</summary>
    public static bool IsDecided(Feature finding) => finding.Text("status") is not (StatusDraft or StatusSuperseded);

    /// <param name="photo">The photo's row.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="finding">What it saw.</param>
    /// <param name="ordinal">Position in the model's result, from 0.</param>
    /// <param name="ground">Where the photo lies, or null.</param>
    public static Feature From(Feature photo, string model, PixelFinding finding, int ordinal, PhotoGround? ground)
    {
        GroundPoint? centre = ground?.Projection.PixelToGround(finding.Centre.X, finding.Centre.Y);
        Measures? measures = centre is { } at ? Measures.Of(finding, at.GsdM, ground!.ScaleShare(at)) : null;
        return new Feature(
            FieldTables.Findings,
            Ids.Finding(photo.Id, model, finding.Class, ordinal),
            ground is null ? null : PhotoPlacement.OnMap(OnGround(finding.Rings, ground.Projection)),
            new Dictionary<string, object?>
            {
                ["photoId"] = photo.Id,
                ["class"] = finding.Class,
                ["score"] = finding.Score,
                ["status"] = StatusDraft,
                ["lengthM"] = measures?.LengthM,
                ["lengthErrorM"] = measures?.LengthErrorM,
                ["meanWidthMm"] = measures?.MeanWidthMm,
                ["maxWidthMm"] = measures?.MaxWidthMm,
                ["widthErrorMm"] = measures?.WidthErrorMm,
                ["areaM2"] = measures?.AreaM2,
                ["resolvable"] = Measures.IsResolvable(finding),
                ["gsdM"] = centre?.GsdM,
                ["errorM"] = centre?.ErrorM,
                ["centreLon"] = centre?.Position.Lon,
                ["centreLat"] = centre?.Position.Lat,
                ["model"] = model,
                ["capturedAt"] = photo.Time("capturedAt"),
                ["device"] = photo.Text("device"),
                ["pixelRings"] = FindingOutline.Text(finding.Rings),
            });
    }

    /// <summary>The outline on the ground; null when a part of it sees no ground.</summary>
    public static MultiPolygon? OnGround(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, GroundProjection projection) => FindingOutline.Of(
        rings, p => projection.PixelToGround(p.X, p.Y) is { } ground ? new Coordinate(ground.Position.Lon, ground.Position.Lat) : null);
}

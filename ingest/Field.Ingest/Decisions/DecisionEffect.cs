using Field.Geo;
using Field.Ingest.Assets;
using Field.Ingest.Findings;
using Field.Ingest.Photos;
using Field.Store;
using Field.Vision;
using NetTopologySuite.Geometries;

namespace Field.Ingest.Decisions;

/// <summary>The finding after a decision that passed the rules.</summary>
internal sealed class DecisionEffect(IngestOptions options)
{
    public const string StatusConfirmed = "confirmed";
    public const string StatusCorrected = "corrected";
    public const string StatusRejected = "rejected";

    /// <summary>An asset that a person names is taken however far it is.</summary>
    private const double AnywhereM = 100_000;

    private static readonly string[] Measured =
    [
        "lengthM", "lengthErrorM", "meanWidthMm", "maxWidthMm", "widthErrorMm", "areaM2", "resolvable", "gsdM", "errorM", "centreLon", "centreLat", "pixelRings",
        "chainLengthM", "chainErrorM", // of the masks as they were; with the next photo that is scored they come again
    ];

    /// <summary>The finding as decided; null when the drawn mask encloses no pixel.</summary>
    /// <param name="request">A decision without errors.</param>
    /// <param name="scene">What it is about.</param>
    /// <param name="marks">Distance marks of the levee that the person names; empty for others.</param>
    /// <param name="now">The time of the decision.</param>
    public Feature? Of(DecisionRequest request, DecisionScene scene, IReadOnlyList<Feature> marks, DateTimeOffset now)
    {
        Feature? decided = request.Action switch
        {
            DecisionRequest.Undo => Undone(scene),
            DecisionRequest.Reject => scene.Finding.With(("status", StatusRejected), ("degree", null)),
            DecisionRequest.Confirm => Confirmed(request, scene.Finding),
            _ => Corrected(request, scene, marks),
        };
        decided = decided?.With(("decisionCount", (scene.Finding.Whole("decisionCount") ?? 0) + 1));
        return request.Action == DecisionRequest.Undo
            ? decided
            : decided?.With(("decidedBy", request.Who), ("decidedAt", now), ("decisionNote", request.Note));
    }

    private static Feature Confirmed(DecisionRequest request, Feature finding) => finding.With(
        ("status", StatusConfirmed), ("degree", request.Degree ?? finding.Text("degree") ?? DecisionRules.DraftLetter(finding)), ("rankScale", DecisionRules.Scale(request, finding)));

    private Feature? Corrected(DecisionRequest request, DecisionScene scene, IReadOnlyList<Feature> marks)
    {
        Feature finding = scene.Finding;
        bool isOtherMask = request.PixelRings is not null;
        Feature? corrected = finding.With(
            ("status", StatusCorrected), ("class", request.Class ?? finding.Text("class")), ("rankScale", DecisionRules.Scale(request, finding)));
        corrected = isOtherMask ? WithMask(corrected, request.PixelRings!, scene.Photo!) : corrected;
        if (corrected is null)
        {
            return null;
        }

        corrected = WithAsset(corrected, request, scene, marks);
        bool isOtherClass = corrected.Text("class") != finding.Text("class");
        if (isOtherClass || isOtherMask || corrected.Text("assetId") != finding.Text("assetId") || corrected.Text("elementId") != finding.Text("elementId"))
        {
            corrected = Redrafted(corrected, scene, isOtherClass);
        }

        // A letter that a person chose stays with the class and scale it was chosen for; a draft that the person has not seen is not taken for theirs.
        string? kept = isOtherClass || corrected.Text("rankScale") != finding.Text("rankScale") ? null : finding.Text("degree");
        string? draft = isOtherClass || isOtherMask || DecisionRules.DraftLetter(corrected) != DecisionRules.DraftLetter(finding) ? null : DecisionRules.DraftLetter(finding);
        return corrected.With(("degree", request.Degree ?? kept ?? draft));
    }

    private Feature Undone(DecisionScene scene)
    {
        Feature before = DecisionRow.Undone(scene.Finding, scene.Standing!);
        return before.Text("pixelRings") == scene.Finding.Text("pixelRings")
            ? before
            : before with { Geometry = OnGround(FindingOutline.Rings(before.Text("pixelRings")), scene.Photo) };
    }

    /// <summary>Measured anew, as a model's finding is.</summary>
    private Feature? WithMask(Feature finding, IReadOnlyList<IReadOnlyList<PixelPoint>> rings, Feature photo)
    {
        if (MaskMeasure.FromRings(finding.Text("class")!, finding.Real("score") ?? 0, rings) is not { } mask)
        {
            return null;
        }

        Feature measured = FindingRow.From(photo, finding.Text("model")!, mask, 0, PhotoGround.Of(Estimate(photo)));
        return finding.With([.. Measured.Select(c => (c, measured.Properties.GetValueOrDefault(c)))]) with { Geometry = measured.Geometry };
    }

    /// <summary>The draft is drawn up again from what the photo shows round the corrected finding; what its other photos showed of the same class stays.</summary>
    private Feature Redrafted(Feature finding, DecisionScene scene, bool isOtherClass)
    {
        GradeFacts before = GradeFacts.Of(scene.Finding);
        GradeFacts facts = Facts(finding, scene) ?? before;
        return PhotoGrader.Graded(
            finding, isOtherClass ? facts : facts with { HasRebar = facts.HasRebar || before.HasRebar, HasRust = facts.HasRust || before.HasRust }, finding.Text("assetId") is null ? null : scene.Asset);
    }

    /// <summary>Null for a finding without an outline, or of a photo whose size is not known.</summary>
    private GradeFacts? Facts(Feature finding, DecisionScene scene)
    {
        if (scene.Photo is not { } photo || photo.Whole("widthPx") is not { } widthPx || photo.Whole("heightPx") is not { } heightPx)
        {
            return null;
        }

        (PixelFinding Seen, string? Model)[] around = [.. new[] { finding }.Concat(scene.Neighbours).Select(f => (Mask(f)!, f.Text("model"))).Where(f => f.Item1 is not null)];
        return Mask(finding) is null
            ? null
            : new PhotoFacts([.. around.Select(f => f.Seen)], [.. around.Select(f => f.Model)], (int)widthPx, (int)heightPx, PhotoGround.Of(Estimate(photo))).Of(0);
    }

    private static PixelFinding? Mask(Feature finding) =>
        MaskMeasure.FromRings(finding.Text("class") ?? "", finding.Real("score") ?? 0, FindingOutline.Rings(finding.Text("pixelRings")));

    private static Feature WithAsset(Feature finding, DecisionRequest request, DecisionScene scene, IReadOnlyList<Feature> marks)
    {
        string? assetId = request.AssetId ?? (finding.Text("assetId") is null ? scene.Element?.Text("parent") : null);
        if (assetId is not null)
        {
            Feature[] assets = scene.Asset is { } asset ? [asset, .. marks] : [];
            AssetLink link = finding.Real("centreLon") is { } lon && finding.Real("centreLat") is { } lat
                ? new AssetLinker(assets).Link(new LonLat(lon, lat), AnywhereM, finding.Real("errorM"))
                : AssetLink.None(AssetLink.NoPlace);
            finding = (link with { AssetId = assetId, ElementId = null, Reason = link.Reason is AssetLink.NoneNear or AssetLink.NoPlace ? null : link.Reason }).Apply(finding);
        }

        return request.ElementId is null ? finding : finding.With(("elementId", request.ElementId), ("assetReason", null));
    }

    private MultiPolygon? OnGround(IReadOnlyList<IReadOnlyList<PixelPoint>> rings, Feature? photo) =>
        photo is not null && Projection(photo) is { } projection ? PhotoPlacement.OnMap(FindingRow.OnGround(rings, projection)) : null;

    private GroundProjection? Projection(Feature photo) => Estimate(photo)?.Projection();

    private CameraEstimate? Estimate(Feature photo) =>
        PhotoPlacement.Estimate(PhotoRow.Camera(photo), PhotoRow.Place(photo), photo.Whole("widthPx"), photo.Whole("heightPx"), options);
}

using Field.Ingest.Assets;
using Field.Ingest.Findings;
using Field.Ingest.Photos;
using Field.Store;

namespace Field.Ingest.Decisions;

/// <summary>What a decision on a finding may say. All errors are told at once.</summary>
internal static class DecisionRules
{
    /// <summary>What is wrong whatever the finding is.</summary>
    public static IEnumerable<DecisionError> OfForm(DecisionRequest request)
    {
        if (request.Action is not (DecisionRequest.Confirm or DecisionRequest.Correct or DecisionRequest.Reject or DecisionRequest.Undo))
        {
            yield return DecisionError.Action;
        }

        if (request.Who is not { Length: > 0 and <= DecisionRequest.MaxWho } who || who.Any(char.IsControl))
        {
            yield return DecisionError.Who;
        }

        if (request.Note?.Length > DecisionRequest.MaxNote)
        {
            yield return DecisionError.Note;
        }

        if (request.Class is { } name && !DamageClass.IsKnown(name))
        {
            yield return DecisionError.UnknownClass(name);
        }

        if (request.Action == DecisionRequest.Correct && !request.Changes)
        {
            yield return DecisionError.NothingToCorrect;
        }

        if (request.Action is DecisionRequest.Confirm or DecisionRequest.Reject or DecisionRequest.Undo && (request with { Degree = null }).Changes)
        {
            yield return DecisionError.NotACorrection;
        }

        if (request.Action is DecisionRequest.Reject or DecisionRequest.Undo && request.Degree is not null)
        {
            yield return DecisionError.DegreeNotHere;
        }
    }

    /// <summary>What is wrong with it for this finding.</summary>
    public static IEnumerable<DecisionError> OfFinding(DecisionRequest request, DecisionScene scene)
    {
        Feature finding = scene.Finding;
        if (finding.Text("mergedInto") is { } primary)
        {
            yield return DecisionError.Merged(primary);
        }
        else if (finding.Text("status") == FindingRow.StatusSuperseded)
        {
            yield return DecisionError.Superseded;
        }

        if (request.Action == DecisionRequest.Undo && scene.Standing is null)
        {
            yield return DecisionError.NothingToUndo;
        }

        foreach (DecisionError error in OfDegree(request, finding).Concat(OfAsset(request, scene)))
        {
            yield return error;
        }

        if (request.PixelRings is { } rings)
        {
            foreach (DecisionError error in RingRules.Errors(
                rings, scene.Photo?.Whole("widthPx"), scene.Photo?.Whole("heightPx"), FindingOutline.Rings(finding.Text("pixelRings"))))
            {
                yield return error;
            }
        }
    }

    /// <summary>The scale on which the finding will be ranked.</summary>
    public static string? Scale(DecisionRequest request, Feature finding)
    {
        (string? damage, string? assetId) = (request.Class ?? finding.Text("class"), request.AssetId ?? finding.Text("assetId"));
        string? scale = damage is null ? null : DamageClass.ScaleOf(damage, assetId);
        return damage == finding.Text("class") && assetId == finding.Text("assetId") ? finding.Text("rankScale") ?? scale : scale;
    }

    /// <summary>The letter of a draft that leaves nothing open, or null.</summary>
    public static string? DraftLetter(Feature finding) =>
        finding.Text("degreeLeast") is { } least && least == finding.Text("degreeMost") ? least : null;

    private static IEnumerable<DecisionError> OfDegree(DecisionRequest request, Feature finding)
    {
        string? scale = Scale(request, finding);
        if (request.Degree is { } letter)
        {
            if (scale is null)
            {
                yield return DecisionError.NoScale(request.Class ?? finding.Text("class") ?? "-");
            }
            else if (!DamageClass.IsLetter(scale, letter))
            {
                yield return DecisionError.Degree(letter, scale);
            }
        }
        else if (request.Action == DecisionRequest.Confirm && finding.Text("rankScale") is not null && finding.Text("degree") is null && DraftLetter(finding) is null)
        {
            yield return DecisionError.DegreeNeeded;
        }
    }

    private static IEnumerable<DecisionError> OfAsset(DecisionRequest request, DecisionScene scene)
    {
        if (request.AssetId is { } assetId)
        {
            if (scene.Asset is null)
            {
                yield return DecisionError.NoAsset(assetId);
            }
            else if (scene.Asset.Text("kind") is not (AssetKind.Bridge or AssetKind.Levee or AssetKind.Road))
            {
                yield return DecisionError.NotAnAsset(assetId);
            }
        }

        if (request.ElementId is { } elementId)
        {
            string? bridge = request.AssetId ?? scene.Finding.Text("assetId");
            if (scene.Element?.Text("kind") != AssetKind.Element)
            {
                yield return DecisionError.NoElement(elementId);
            }
            else if (bridge is not null && scene.Element.Text("parent") != bridge)
            {
                yield return DecisionError.ElementOfOther(elementId, bridge);
            }
        }
    }
}

/// <summary>What a decision is about.</summary>
/// <param name="Finding">The finding as it is stored.</param>
/// <param name="Photo">Its photo, or null.</param>
/// <param name="Standing">The latest decision that is not taken back, or null.</param>
/// <param name="Asset">The asset that the finding will be of: the one that the person names, else its own; null when there is none.</param>
/// <param name="Element">The element that the person names, or null.</param>
/// <param name="Neighbours">The other findings of its photo that stand; looked at when the draft is drawn up again.</param>
internal sealed record DecisionScene(Feature Finding, Feature? Photo, Feature? Standing, Feature? Asset, Feature? Element, IReadOnlyList<Feature> Neighbours);

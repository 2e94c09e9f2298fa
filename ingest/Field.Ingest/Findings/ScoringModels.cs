using Field.Ingest.Assets;
using Field.Vision;

namespace Field.Ingest.Findings;

/// <summary>A loaded model.</summary>
/// <param name="Model">Its name, part of the ids of its findings.</param>
/// <param name="Classes">What it looks for.</param>
/// <param name="Score">Scores the image file; may block.</param>
internal sealed record Scorer(string Model, IReadOnlyList<string> Classes, Func<string, CancellationToken, PhotoScore> Score)
{
    /// <summary>True when it looks for what only this kind of asset has.</summary>
    public bool IsFor(string kind) => kind switch
    {
        AssetKind.Bridge => Classes.Any(c => c != DamageClass.Crack && DamageClass.Bridge.Contains(c)),
        AssetKind.Levee => Classes.Any(DamageClass.Levee.Contains),
        AssetKind.Road => Classes.Any(DamageClass.Road.Contains),
        _ => false,
    };

    /// <summary>True for a model of cracks in concrete alone, or of classes that Field does not know: it looks at everything but roads.</summary>
    public bool IsGeneral => !IsFor(AssetKind.Bridge) && !IsFor(AssetKind.Levee) && !IsFor(AssetKind.Road);
}

/// <summary>The loaded models, and which of them look at a photo.</summary>
/// <param name="Loaded">At least one.</param>
/// <param name="RunAll">True runs every model on every photo.</param>
internal sealed record ScoringModels(IReadOnlyList<Scorer> Loaded, bool RunAll = false)
{
    /// <summary>
    /// By the assets near the photo's footprint: at a bridge the models of bridges, at a levee those of levees, each with the general ones; on a
    /// road those of roads alone. A road gives way, because it runs over bridges and along levee crowns. Where there is no asset, or no model for
    /// it, the general ones; a model that is the only one always.
    /// </summary>
    public IReadOnlyList<Scorer> For(IReadOnlySet<string> kindsNear)
    {
        if (RunAll || Loaded.Count == 1)
        {
            return Loaded;
        }

        bool onRoad = kindsNear.Contains(AssetKind.Road) && !kindsNear.Contains(AssetKind.Bridge) && !kindsNear.Contains(AssetKind.Levee);
        string[] kinds = onRoad ? [AssetKind.Road] : [.. kindsNear.Where(k => k != AssetKind.Road)];
        Scorer[] special = [.. Loaded.Where(s => kinds.Any(s.IsFor))];
        Scorer[] chosen = [.. Loaded.Where(s => special.Contains(s) || (s.IsGeneral && !(onRoad && special.Length > 0)))];
        return chosen.Length > 0 ? chosen : Loaded;
    }
}

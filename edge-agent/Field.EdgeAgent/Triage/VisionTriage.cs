using Field.Gdal;
using Field.Vision;

namespace Field.EdgeAgent.Triage;

/// <summary>Looks at photos on the device.</summary>
internal interface ITriageModel : IDisposable
{
    /// <summary>Name of the model; another name looks again.</summary>
    string Name { get; }

    /// <summary>How likely there is something to see, 0 to 1. Computes on the caller's thread.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    double Score(string path, CancellationToken cancellationToken);
}

/// <summary>
/// A model of Field.Vision on a copy of the photo of at most <see cref="LongestSidePx"/>. The score is that of the photo's best finding, 0 when
/// there is none. Thin cracks are lost in the small copy: a low score delays a photo and says nothing about it.
/// </summary>
internal sealed class VisionTriage : ITriageModel
{
    /// <summary>Four tiles of the usual model: bounds the time for a photo, whatever its size.</summary>
    public const int LongestSidePx = 1536;

    /// <summary>A photo of more pixels is not decoded here.</summary>
    public const long MaxPixels = 150_000_000;

    private readonly PhotoScorer _scorer;

    private VisionTriage(PhotoScorer scorer) => _scorer = scorer;

    /// <inheritdoc/>
    public string Name => _scorer.Card.Name;

    /// <summary>Loads a model and the libraries it needs.</summary>
    /// <exception cref="VisionException">The card, the model or ONNX Runtime cannot be used.</exception>
    /// <exception cref="GdalException">libgdal is missing.</exception>
    public static ITriageModel Load(string modelCardPath)
    {
        Images.EnsureAvailable();
        return new VisionTriage(PhotoScorer.Load(modelCardPath, threads: 1));
    }

    /// <inheritdoc/>
    public double Score(string path, CancellationToken cancellationToken)
    {
        RasterInfo info = Images.Probe(path);
        if ((long)info.WidthPx * info.HeightPx > MaxPixels)
        {
            throw new GdalException($"{path}: {info.WidthPx} x {info.HeightPx} px is too large to be scored on the device");
        }

        PhotoScore score = _scorer.Score(path, LongestSidePx, cancellationToken);
        return score.Findings.Count == 0 ? 0 : score.Findings[0].Score;
    }

    /// <inheritdoc/>
    public void Dispose() => _scorer.Dispose();
}

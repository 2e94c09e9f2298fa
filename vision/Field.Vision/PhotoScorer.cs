using Field.Vision.Onnx;
using Field.Vision.Quality;
using Field.Vision.Shape;

namespace Field.Vision;

/// <summary>
/// Scores photos with one model. Thread-safe; each call works on its own buffers (scoring twelve 9-megapixel photos one after another, the
/// whole process peaked at 680 MB; the first photo alone at 440 MB), so a caller bounds memory by bounding the calls at the same time.
/// Within a call the network, and what comes before and after it, runs on two threads unless <see cref="Load"/> was told otherwise.
/// </summary>
public sealed class PhotoScorer : IDisposable
{
    private const int UsualThreads = 2;
    private readonly OnnxModel _model;

    private PhotoScorer(ModelCard card, OnnxModel model)
    {
        Card = card;
        _model = model;
    }

    /// <summary>The card that was loaded.</summary>
    public ModelCard Card { get; }

    /// <summary>Loads a model by its card.</summary>
    /// <param name="modelCardPath">Path of NAME.json; NAME.onnx lies beside it.</param>
    /// <param name="threads">Threads within a call; 1 computes on the caller's thread and with its priority.</param>
    /// <exception cref="VisionException">The card is invalid, the model is not the one it describes, or ONNX Runtime is missing.</exception>
    public static PhotoScorer Load(string modelCardPath, int threads = UsualThreads)
    {
        var (card, bytes) = ModelCard.ReadChecked(modelCardPath);
        var model = new OnnxModel(bytes, threads);
        try
        {
            CheckShape(card, model);
            return new PhotoScorer(card, model);
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Finds damage in a photo, and measures the photo itself from the same pixels.</summary>
    /// <param name="imagePath">A JPEG, PNG or TIFF.</param>
    /// <param name="ct">Stops between two tiles.</param>
    /// <returns>Findings in pixels of the stored image, highest score first.</returns>
    /// <exception cref="Gdal.GdalException">The file is not a sound image.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public PhotoScore Score(string imagePath, CancellationToken ct)
    {
        var info = Gdal.Images.Probe(imagePath);
        SmallLuma small = new(info.WidthPx, info.HeightPx);
        var maps = new PhotoInference(_model, Card.Input, Card.Classes.Count)
            .Run(info.WidthPx, info.HeightPx, window => small.Take(Gdal.Images.Read(imagePath, window), window.Y), ct);
        return Describe(maps, ct) with { Quality = QualityMeter.Measure(small) };
    }

    /// <summary>
    /// Finds damage in a photo made smaller: a quick look with a bound on time and memory. What is thin in the photo is not seen; what is
    /// too wide for the model in full size may be.
    /// </summary>
    /// <param name="imagePath">A JPEG, PNG or TIFF.</param>
    /// <param name="longestSidePx">The longer side of what is looked at; a photo that is not larger is scored as it is.</param>
    /// <param name="ct">Stops between two tiles.</param>
    /// <returns>Findings in pixels of the smaller image, whose size the result names.</returns>
    /// <exception cref="Gdal.GdalException">The file is not a sound image.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public PhotoScore Score(string imagePath, int longestSidePx, CancellationToken ct)
    {
        var info = Gdal.Images.Probe(imagePath);
        if (Math.Max(info.WidthPx, info.HeightPx) <= longestSidePx)
        {
            return Score(imagePath, ct);
        }

        var small = info.WidthPx >= info.HeightPx
            ? Gdal.Images.Read(imagePath, outWidthPx: longestSidePx)
            : Gdal.Images.Read(imagePath, outHeightPx: longestSidePx);
        return Describe(Infer(small, Card.Input, ct), ct);
    }

    /// <summary>Releases the model. No <see cref="Score(string, CancellationToken)"/> may be running.</summary>
    public void Dispose() => _model.Dispose();

    private PhotoScore Describe(ProbabilityMap[] maps, CancellationToken ct) =>
        new(maps[0].WidthPx, maps[0].HeightPx, Card.Name, [.. Trace(maps, ct).Select(f => f.Finding)]);

    /// <summary>The findings of every class with their pixels, highest score first.</summary>
    internal IReadOnlyList<TracedFinding> Trace(ProbabilityMap[] maps, CancellationToken ct) => Trace(maps, Card, _model.Threads, ct);

    /// <summary>The same for maps that did not come from the model, such as those of the baseline.</summary>
    internal static IReadOnlyList<TracedFinding> Trace(ProbabilityMap[] maps, ModelCard card, int threads, CancellationToken ct) =>
        [.. card.Classes.SelectMany((name, k) => Trace(maps[k], name, card, threads, ct)).OrderByDescending(f => f.Finding.Score)];

    private static List<TracedFinding> Trace(ProbabilityMap map, string className, ModelCard card, int threads, CancellationToken ct) => card.Task == ModelCardRules.AreaTask
        ? AreaVectoriser.Findings(map, className, card.Thresholds, ct)
        : LineVectoriser.Findings(map, className, card.Thresholds, threads, ct);

    internal ProbabilityMap[] Infer(string imagePath, CancellationToken ct) => new PhotoInference(_model, Card.Input, Card.Classes.Count).Run(imagePath, ct);

    internal ProbabilityMap[] Infer(Gdal.RasterImage image, InputSpec input, CancellationToken ct) =>
        new PhotoInference(_model, input, Card.Classes.Count).Run(image.WidthPx, image.HeightPx, w => Crop(image, w), ct);

    /// <summary>Time of the network alone on the tiles of a photo, for a measurement.</summary>
    internal TimeSpan Alone(Gdal.RasterImage image, CancellationToken ct) => new PhotoInference(_model, Card.Input, Card.Classes.Count).Alone(image, ct);

    private static Gdal.RasterImage Crop(Gdal.RasterImage image, Gdal.PixelWindow window)
    {
        var row = window.WidthPx * image.Bands;
        var pixels = new byte[row * window.HeightPx];
        for (var y = 0; y < window.HeightPx; y++)
        {
            image.Pixels.AsSpan(((window.Y + y) * image.WidthPx + window.X) * image.Bands, row).CopyTo(pixels.AsSpan(y * row));
        }

        return new Gdal.RasterImage(window.WidthPx, window.HeightPx, image.Bands, pixels);
    }

    private static void CheckShape(ModelCard card, OnnxModel model)
    {
        var input = model.Inputs.Count == 1 ? model.Inputs[0] : null;
        var output = model.Outputs.Count == 1 ? model.Outputs[0] : null;
        if (input is not { IsFloat32: true, Shape: [_, 3, -1, -1] } || output is not { IsFloat32: true, Shape: [_, _, _, _] }
            || (output.Shape[1] != -1 && output.Shape[1] != card.Classes.Count))
        {
            throw new VisionException(
                $"{card.ModelPath} must take one float32 n x 3 x h x w with free h and w, and give one float32 n x {card.Classes.Count} x h x w.");
        }
    }
}

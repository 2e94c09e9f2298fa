using Field.Vision.Quality;

namespace Field.Vision;

/// <summary>What a model sees in one photo.</summary>
/// <param name="WidthPx">Photo width, as stored (EXIF orientation not applied).</param>
/// <param name="HeightPx">Photo height.</param>
/// <param name="Model">Name of the model card, such as crack-v1.</param>
/// <param name="Findings">Highest score first; empty when nothing was found.</param>
public sealed record PhotoScore(int WidthPx, int HeightPx, string Model, IReadOnlyList<PixelFinding> Findings)
{
    /// <summary>Sharpness and exposure of the photo; null when only a smaller copy was looked at.</summary>
    public PhotoQuality? Quality { get; init; }
}

/// <summary>One suspected damage. Pixel coordinates: x right, y down, (0, 0) is the outer corner of the top-left pixel.</summary>
/// <param name="Class">A class of the card, such as crack.</param>
/// <param name="Score">Mean probability over the finding's pixels, 0..1.</param>
/// <param name="Rings">Outlines, not closed twice: exteriors run clockwise on the screen, holes counter-clockwise right after their exterior. A finding merged from fragments has several exteriors.</param>
/// <param name="AreaPx">Pixels in the mask.</param>
/// <param name="LengthPx">Thin damage: length of the skeleton with all branches. An area: its longest extent (maximum Feret diameter).</param>
/// <param name="MeanWidthPx">Thin damage: area within the line of probability 0.5, divided by length. An area: area divided by length.</param>
/// <param name="MaxWidthPx">Thin damage: the width that 5 % of the middle line reach, junctions left out, less what the mask is too wide on average; never below the mean. An area: twice the largest distance from inside to the outline.</param>
/// <param name="Centre">The mask pixel nearest to the centroid, so that it lies on the damage.</param>
public sealed record PixelFinding(
    string Class, double Score, IReadOnlyList<IReadOnlyList<PixelPoint>> Rings, double AreaPx, double LengthPx, double MeanWidthPx,
    double MaxWidthPx, PixelPoint Centre);

/// <summary>A place in a photo, in pixels: x right, y down.</summary>
/// <param name="X">Pixels from the left edge.</param>
/// <param name="Y">Pixels from the top edge.</param>
public readonly record struct PixelPoint(double X, double Y);

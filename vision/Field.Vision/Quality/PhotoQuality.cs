namespace Field.Vision.Quality;

/// <summary>Stable codes of what makes a photo useless for inspection.</summary>
public static class QualityCodes
{
    /// <summary>Out of focus, or moved while it was exposed.</summary>
    public const string Blurred = "blurred";

    /// <summary>So bright that a good part of it is white.</summary>
    public const string OverExposed = "over-exposed";

    /// <summary>Dark even where it is brightest.</summary>
    public const string UnderExposed = "under-exposed";
}

/// <summary>What can be said of a photo without knowing what it shows.</summary>
/// <param name="Sharpness">0 (smooth) to 1 (detail down to single pixels); null when nothing in it has enough contrast to judge by.</param>
/// <param name="ClippedShare">Share of the picture that is white.</param>
/// <param name="BrightestLevel">Luma (0 to 255) that one pixel in a hundred exceeds.</param>
public sealed record PhotoQuality(double? Sharpness, double ClippedShare, int BrightestLevel)
{
    /// <summary>
    /// Below it a photo is blurred: a Gaussian of 1 px standard deviation, or a movement of 4 px, in a picture 1,600 px wide, which in a
    /// photo 4,000 px wide is 2.5 and 10 px. Chosen with photos of two drones, two quay walls and a road camera in sight; on close-ups of
    /// smooth concrete four sharp ones of nine came out below it.
    /// </summary>
    public const double LeastSharpness = 0.34;

    /// <summary>Above it a photo is over-exposed; sharp photos have up to 0.02, two stops more make 0.17 and more.</summary>
    public const double MostClippedShare = 0.15;

    /// <summary>Below it a photo is under-exposed; usual photos have 170 and more, three stops less leave 64 to 96.</summary>
    public const int LeastBrightestLevel = 96;

    /// <summary>Codes of <see cref="QualityCodes"/>; empty when the photo is fine. A photo that is too bright or dark is not called blurred as well.</summary>
    public IReadOnlyList<string> Codes =>
        ClippedShare > MostClippedShare ? [QualityCodes.OverExposed]
        : BrightestLevel < LeastBrightestLevel ? [QualityCodes.UnderExposed]
        : Sharpness < LeastSharpness ? [QualityCodes.Blurred]
        : [];
}

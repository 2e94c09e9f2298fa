namespace Field.Demo.Synthetic;

/// <summary>What to generate. The defaults are the demo; smaller photos make quick tests.</summary>
public sealed record DemoDataOptions
{
    /// <summary>Seed of everything random; the same seed and generator version give the same bytes. Default 20.</summary>
    public int Seed { get; init; } = 20;

    /// <summary>Columns of a photo, pixels, 160 to 8000 and a multiple of 4; it is 4:3 and sees the same ground at any size. Default 2400.</summary>
    public int PhotoWidthPx { get; init; } = 2400;

    /// <summary>JPEG quality, 10 to 100. Default 90.</summary>
    public int JpegQuality { get; init; } = 90;

    /// <summary>
    /// Standard deviation of the noise on the written longitude and latitude, metres per axis, 0 to 10. Default 0.05, as an RTK drone has.
    /// AbsoluteAltitude has 1.5 times that; RelativeAltitude and angles are written as rendered (height rounded to a millimetre, angles to 0.01 degree before rendering).
    /// </summary>
    public double PositionSigmaM { get; init; } = 0.05;

    /// <summary>When the flight starts, with the offset that the photos carry. Default 2026-10-14 10:20 +09:00.</summary>
    public DateTimeOffset FlightStart { get; init; } = new(2026, 10, 14, 10, 20, 0, TimeSpan.FromHours(9));

    /// <summary>Of the receiver's height: RTK is that much less sure of it (data sheets: 1.5 cm and 1 cm).</summary>
    internal double HeightSigmaM => 1.5 * PositionSigmaM;

    internal int PhotoHeightPx => PhotoWidthPx * 3 / 4;

    /// <summary>A lens of 40 mm in 35 mm terms (by the diagonal): 2 mm per pixel from 5.5 m at 2400 columns.</summary>
    internal double FocalPx => Math.Round(PhotoWidthPx * 1.155625, 6);

    internal void Validate()
    {
        List<string> problems = [];
        if (PhotoWidthPx is < 160 or > 8000 || PhotoWidthPx % 4 != 0)
        {
            problems.Add($"{nameof(PhotoWidthPx)} {PhotoWidthPx} is not a multiple of 4 from 160 to 8000");
        }

        if (JpegQuality is < 10 or > 100)
        {
            problems.Add($"{nameof(JpegQuality)} {JpegQuality} is not from 10 to 100");
        }

        if (PositionSigmaM is not (>= 0 and <= 10))
        {
            problems.Add($"{nameof(PositionSigmaM)} {PositionSigmaM} is not from 0 to 10 m");
        }

        if (problems.Count > 0)
        {
            throw new DemoDataException("The demo data options cannot be used: " + string.Join("; ", problems) + ".");
        }
    }
}

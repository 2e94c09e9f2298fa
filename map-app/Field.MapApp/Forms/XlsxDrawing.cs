using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Drawing;
using DocumentFormat.OpenXml.Packaging;
using Path = DocumentFormat.OpenXml.Drawing.Path;
using Xdr = DocumentFormat.OpenXml.Drawing.Spreadsheet;

namespace Field.MapApp.Forms;

/// <summary>
/// Pictures and drawings on a sheet. A plan becomes shapes and texts in a group, so that it prints sharply and an officer can move a label
/// or add to it.
/// </summary>
internal sealed class XlsxDrawing(WorksheetPart sheet)
{
    private const double EmuPerMm = 36_000;
    private const double PointsPerMm = XlsxSheet.PointsPerMm;
    private DrawingsPart? _part;
    private uint _id = 1;

    /// <summary>The relationship of the drawing, or null when nothing is drawn.</summary>
    public string? RelationshipId => _part is null ? null : sheet.GetIdOfPart(_part);

    /// <summary>A picture as large as fits into a frame of two columns from this one on, in its middle.</summary>
    public void AddPicture(Picture picture, uint row, int column, (double First, double Second) columnsMm, double heightMm)
    {
        const double Inset = 0.4;
        double widthMm = columnsMm.First + columnsMm.Second;
        double scale = Math.Min((widthMm - (2 * Inset)) / picture.WidthPx, (heightMm - (2 * Inset)) / picture.HeightPx);
        (double w, double h) = (picture.WidthPx * scale, picture.HeightPx * scale);
        ImagePart image = Part().AddImagePart(ImagePartType.Jpeg);
        using (MemoryStream bytes = new(picture.Jpeg))
        {
            image.FeedData(bytes);
        }

        // Programs follow an offset no farther than its own column.
        double left = (widthMm - w) / 2;
        Xdr.OneCellAnchor anchor = left < columnsMm.First
            ? Anchor(row, column, left, (heightMm - h) / 2, w, h)
            : Anchor(row, column + 1, left - columnsMm.First, (heightMm - h) / 2, w, h);
        anchor.Append(
            new Xdr.Picture(
                new Xdr.NonVisualPictureProperties(
                    new Xdr.NonVisualDrawingProperties { Id = ++_id, Name = $"photo{_id}" },
                    new Xdr.NonVisualPictureDrawingProperties(new PictureLocks { NoChangeAspect = true })),
                new Xdr.BlipFill(new Blip { Embed = Part().GetIdOfPart(image) }, new Stretch(new FillRectangle())),
                new Xdr.ShapeProperties(Placed(0, 0, w, h), Outline())),
            new Xdr.ClientData());
        Part().WorksheetDrawing.Append(anchor);

        static PresetGeometry Outline() => new(new AdjustValueList()) { Preset = ShapeTypeValues.Rectangle };
    }

    /// <summary>A drawing at the left end of a row.</summary>
    public void AddPlan(Plan plan, uint row)
    {
        Xdr.GroupShape group = new(
            new Xdr.NonVisualGroupShapeProperties(new Xdr.NonVisualDrawingProperties { Id = ++_id, Name = "plan" }, new Xdr.NonVisualGroupShapeDrawingProperties()),
            new Xdr.GroupShapeProperties(new TransformGroup(
                new Offset { X = 0, Y = 0 }, Extents(plan.WidthMm, plan.HeightMm), new ChildOffset { X = 0, Y = 0 },
                new ChildExtents { Cx = Emu(plan.WidthMm), Cy = Emu(plan.HeightMm) })));
        group.Append(plan.Shapes.Select(s => s switch
        {
            PlanPath path => Shape(path),
            PlanText text => Shape(text),
            _ => throw new InvalidOperationException($"no way to draw {s.GetType().Name}"),
        }));
        Xdr.OneCellAnchor anchor = Anchor(row, 0, 0.5, 1, plan.WidthMm, plan.HeightMm);
        anchor.Append(group, new Xdr.ClientData());
        Part().WorksheetDrawing.Append(anchor);
    }

    private Xdr.Shape Shape(PlanPath path)
    {
        (string rgb, double widthMm) = PlanStyle.Of(path.Ink);
        (double left, double top) = (path.Points.Min(p => p.X), path.Points.Min(p => p.Y));
        (double w, double h) = (path.Points.Max(p => p.X) - left, path.Points.Max(p => p.Y) - top);
        Path line = new() { Width = Emu(w), Height = Emu(h), Fill = path.IsFilled ? PathFillModeValues.Norm : PathFillModeValues.None };
        foreach ((double x, double y) in path.Points)
        {
            Point point = new() { X = $"{Emu(x - left) - 1}", Y = $"{Emu(y - top) - 1}" };
            line.Append(line.HasChildren ? new LineTo(point) : new MoveTo(point));
        }

        if (path.IsClosed)
        {
            line.Append(new CloseShapePath());
        }

        CustomGeometry geometry = new(new AdjustValueList(), new ShapeGuideList(), new AdjustHandleList(), new ConnectionSiteList(), new Rectangle { Left = "0", Top = "0", Right = "r", Bottom = "b" }, new PathList(line));
        OpenXmlElement fill = path.IsFilled ? new SolidFill(new RgbColorModelHex(new Alpha { Val = 35_000 }) { Val = rgb }) : new NoFill();
        return new Xdr.Shape(
            Named("line"), new Xdr.ShapeProperties(Placed(left, top, w, h), geometry, fill, new Outline(new SolidFill(new RgbColorModelHex { Val = rgb })) { Width = (int)Emu(widthMm) }));
    }

    private Xdr.Shape Shape(PlanText text)
    {
        double width = Math.Max(text.WidthMm * 1.25, 4);
        double left = text.IsCentred ? text.X - (width / 2) : text.X;
        RunProperties look = new(
            new SolidFill(new RgbColorModelHex { Val = PlanStyle.Of(text.Ink).Rgb }), new LatinFont { Typeface = "游ゴシック" }, new EastAsianFont { Typeface = "游ゴシック" })
        { Language = "ja-JP", FontSize = Math.Max(100, (int)Math.Round(text.SizeMm * PointsPerMm * 100)) };
        return new Xdr.Shape(
            Named("text", isText: true),
            new Xdr.ShapeProperties(Placed(left, text.Y - (1.15 * text.SizeMm), width, 1.5 * text.SizeMm), new PresetGeometry(new AdjustValueList()) { Preset = ShapeTypeValues.Rectangle }, new NoFill()),
            new Xdr.TextBody(
                new BodyProperties { Wrap = TextWrappingValues.None, LeftInset = 0, TopInset = 0, RightInset = 0, BottomInset = 0, Anchor = TextAnchoringTypeValues.Top },
                new ListStyle(),
                new Paragraph(
                    new ParagraphProperties { Alignment = text.IsCentred ? TextAlignmentTypeValues.Center : TextAlignmentTypeValues.Left },
                    new Run(look, new Text(FormText.Clean(text.Text))))));
    }

    private Xdr.NonVisualShapeProperties Named(string name, bool isText = false) => new(
        new Xdr.NonVisualDrawingProperties { Id = ++_id, Name = $"{name}{_id}" }, isText ? new Xdr.NonVisualShapeDrawingProperties { TextBox = true } : new Xdr.NonVisualShapeDrawingProperties());

    private static Transform2D Placed(double leftMm, double topMm, double widthMm, double heightMm) =>
        new(new Offset { X = (long)(leftMm * EmuPerMm), Y = (long)(topMm * EmuPerMm) }, Extents(widthMm, heightMm));

    private static Extents Extents(double widthMm, double heightMm) => new() { Cx = Emu(widthMm), Cy = Emu(heightMm) };

    /// <summary>At least 1, because programs divide by it.</summary>
    private static long Emu(double mm) => Math.Max(0, (long)(mm * EmuPerMm)) + 1;

    private static Xdr.OneCellAnchor Anchor(uint row, int column, double xMm, double yMm, double widthMm, double heightMm) => new(
        new Xdr.FromMarker(
            new Xdr.ColumnId($"{column}"), new Xdr.ColumnOffset($"{Emu(xMm)}"), new Xdr.RowId($"{row - 1}"), new Xdr.RowOffset($"{Emu(yMm)}")),
        new Xdr.Extent { Cx = Emu(widthMm), Cy = Emu(heightMm) });

    private DrawingsPart Part()
    {
        if (_part is null)
        {
            _part = sheet.AddNewPart<DrawingsPart>();
            _part.WorksheetDrawing = new Xdr.WorksheetDrawing();
        }

        return _part;
    }
}

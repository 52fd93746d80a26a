use super::*;

fn disc() -> Item {
    Item { shape: Shape::Disc, special: false, client: false, group: None }
}

fn special() -> Item {
    Item { special: true, ..disc() }
}

fn client() -> Item {
    Item { shape: Shape::Box, client: true, ..disc() }
}

const SIZES: [(f64, f64); 3] = [(1056.0, 452.0), (390.0, 380.0), (744.0, 337.0)];

/// Whatever two labels or bodies share of the stage, as a share of the smaller of the two.
fn worst(layout: &Layout) -> f64 {
    let mut boxes: Vec<(usize, Rect)> = Vec::new();
    for (index, spot) in layout.spots.iter().enumerate() {
        // A disc is round: its corners are free.
        boxes.push((index, Rect::around(spot.at, spot.rim() * 0.9)));
        boxes.extend(spot.label.map(|label| (index, label.rect)));
    }
    let mut worst = 0.0_f64;
    for (place, (owner, a)) in boxes.iter().enumerate() {
        for (other, b) in &boxes[place + 1..] {
            if owner != other {
                worst = worst.max(a.overlap(*b) / (a.w * a.h).min(b.w * b.h));
            }
        }
    }
    worst
}

#[test]
fn one_to_seven_nodes_have_full_labels_that_touch_nothing() {
    for count in 1..=7 {
        let layout = arrange(&vec![disc(); count], 1056.0, 452.0);
        assert_eq!(layout.density, Density::Full);
        assert!(layout.spots.iter().all(|spot| spot.label.is_some()));
        assert!(worst(&layout) < 0.02, "{count} nodes: {}", worst(&layout));
    }
}

#[test]
fn any_number_of_nodes_stays_on_the_stage_and_apart() {
    for (width, height) in SIZES {
        for count in 1..=32 {
            let layout = arrange(&vec![disc(); count], width, height);
            for (index, spot) in layout.spots.iter().enumerate() {
                let room = Rect::new(-4.0, -4.0, width + 8.0, height + 8.0);
                assert!(spot.body().outside(room) < 1.0, "{count} on {width}: {spot:?}");
                for other in &layout.spots[..index] {
                    let apart = spot.at.distance(other.at);
                    assert!(apart > 1.5 * spot.rim(), "{count} on {width}: {apart} apart at {}", spot.scale);
                }
            }
        }
    }
}

#[test]
fn two_special_nodes_stand_across_and_the_others_left_and_right() {
    let layout = arrange(&[special(), special(), disc(), disc()], 1056.0, 452.0);
    let at: Vec<Point> = layout.spots.iter().map(|spot| spot.at).collect();
    assert!(at[0].y < at[2].y && at[1].y > at[2].y, "{at:?}");
    assert!(at[2].x < at[0].x && at[3].x > at[0].x, "{at:?}");
}

#[test]
fn clients_stand_beside_the_servers_and_their_labels() {
    for servers in 1..=9 {
        for clients in 1..=4 {
            let items: Vec<Item> =
                vec![disc(); servers].into_iter().chain([special()]).chain(vec![client(); clients]).collect();
            let layout = arrange(&items, 1056.0, 452.0);
            let bodies: Vec<Rect> =
                layout.spots.iter().map(|spot| Rect::around(spot.at, spot.rim() * 0.8)).collect();
            for (index, body) in bodies.iter().enumerate() {
                for other in &bodies[..index] {
                    assert!(body.overlap(*other) < 1.0, "{servers} servers, {clients} clients: {layout:?}");
                }
            }
        }
    }
}

#[test]
fn every_side_of_a_partition_stands_together() {
    let sides = [Some(0), Some(1), Some(0), Some(1), None, Some(0)];
    let items: Vec<Item> = sides.iter().map(|group| Item { group: *group, ..disc() }).collect();
    let order: Vec<_> = angles(&items, true).into_iter().map(|(index, _)| sides[index]).collect();
    let grouped: Vec<_> = order.iter().flatten().collect();
    let changes =
        (0..grouped.len()).filter(|place| grouped[*place] != grouped[(place + 1) % grouped.len()]).count();
    assert_eq!(changes, 2, "{order:?}");
}

#[test]
fn a_partition_that_a_line_can_draw_moves_nobody() {
    let whole = angles(&[disc(); 5], true);
    let sides = [Some(0), Some(0), Some(1), Some(1), Some(1)];
    let items: Vec<Item> = sides.iter().map(|group| Item { group: *group, ..disc() }).collect();
    assert_eq!(angles(&items, true), whole);
}

#[test]
fn on_a_stage_of_any_size_every_node_has_a_place() {
    let sizes =
        [(0.0, 0.0), (1.0, 1.0), (508.0, 1.0), (844.0, 61.0), (1440.0, 117.0), (90.0, 700.0), (4000.0, 9.0)];
    for (width, height) in sizes {
        let (width, height) = drawing(width, height);
        for (servers, clients) in [(0, 0), (0, 4), (1, 2), (5, 1), (32, 0)] {
            let items: Vec<Item> =
                vec![disc(); servers].into_iter().chain([special()]).chain(vec![client(); clients]).collect();
            let layout = arrange(&items, width, height);
            assert_eq!(layout.spots.len(), items.len(), "{items:?} on {width} x {height}");
            let known = |spot: &Spot| spot.at.x.is_finite() && spot.at.y.is_finite();
            assert!(layout.spots.iter().all(known), "{layout:?}");
        }
    }
}

#[test]
fn no_label_reaches_over_the_edge_of_the_stage() {
    for (width, height) in SIZES {
        for servers in 1..=7 {
            let items: Vec<Item> =
                vec![disc(); servers].into_iter().chain([special()]).chain(vec![client(); 2]).collect();
            for label in arrange(&items, width, height).spots.iter().filter_map(|spot| spot.label) {
                let room = Rect::new(0.0, -1e4, width, 2e4);
                assert!(label.rect.outside(room) < 1.0, "{servers} on {width}: {label:?}");
            }
        }
    }
}

#[test]
fn the_drawing_keeps_the_shape_of_its_container() {
    for (w, h) in [(1056.0, 452.0), (390.0, 380.0), (640.0, 290.0), (1500.0, 700.0), (320.0, 300.0)] {
        let (x, y) = drawing(w, h);
        assert!((x / y - w / h).abs() < 0.02, "{w} x {h} became {x} x {y}");
    }
    assert_eq!(drawing(900.0, 430.0), (900.0, 430.0));
    assert_eq!(drawing(0.0, 0.0), (900.0, 430.0));
}

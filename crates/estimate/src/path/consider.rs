//! What the fit leaves uncertain: noise, and what was only considered.
//!
//! Considered are the clocks, and drag where no plot tells of it. Source: Tapley, Schutz and Born, Statistical orbit
//! determination (2004), section 6.3 (consider covariance).

use geo::Time;
use nalgebra::{DMatrix, DVector, SMatrix};

use super::fit::{Context, Fitted};
use super::look::Look;
use super::parameter::{DYNAMIC, Parameter};
use super::solve::Row;

/// The covariances of a fit, considered errors included.
#[derive(Clone, Debug)]
pub(crate) struct Uncertainty {
    /// Of the object's parameters (14×14) at the reference time.
    pub dynamic: SMatrix<f64, DYNAMIC, DYNAMIC>,
    /// Of all estimated parameters.
    pub estimated: DMatrix<f64>,
}

/// Computes what a fit leaves uncertain.
pub(crate) fn uncertainty(looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> Uncertainty {
    let looks = &looks[fitted.span.clone()];
    let prior = DMatrix::from_diagonal(&DVector::from_iterator(
        fitted.unknowns.considered.len(),
        fitted
            .unknowns
            .considered
            .iter()
            .map(|unknown| unknown.sigma * unknown.sigma),
    ));
    let sensitivity = &fitted.solution.covariance * information(looks, fitted, context);
    let estimated = &fitted.solution.covariance + &sensitivity * &prior * sensitivity.transpose();
    let cross = -(&sensitivity * &prior);

    // Where each of the object's parameters stands: among the estimated, the considered, or nowhere.
    let place = |of: usize| fitted.unknowns.column(Parameter::Dynamic(of));
    let considered = |of: usize| {
        fitted
            .unknowns
            .considered
            .iter()
            .position(|unknown| unknown.parameter == Parameter::Dynamic(of))
    };
    let dynamic = SMatrix::from_fn(|i, j| match (place(i), place(j), considered(i), considered(j)) {
        (Some(a), Some(b), _, _) => estimated[(a, b)],
        (Some(a), None, _, Some(b)) => cross[(a, b)],
        (None, Some(b), Some(a), _) => cross[(b, a)],
        (None, None, Some(a), Some(b)) => prior[(a, b)],
        _ => 0.0,
    });
    Uncertainty { dynamic, estimated }
}

/// `Jᵀ W C`: how the considered parameters (columns of C) pull at the normal equations.
fn information(looks: &[Look], fitted: &Fitted, context: &Context<'_>) -> DMatrix<f64> {
    let problem = fitted.problem(looks, context);
    let columns = problem.dynamic_columns();
    let mut pull = DMatrix::zeros(fitted.unknowns.estimated.len(), fitted.unknowns.considered.len());
    let mut of_look: Option<(usize, super::predict::Prediction)> = None;
    for residual in &fitted.solution.residuals {
        if residual.weight <= 0.0 {
            continue;
        }
        let look = &looks[residual.look];
        if of_look.as_ref().is_none_or(|(index, _)| *index != residual.look) {
            of_look = Some((
                residual.look,
                problem.predict(&fitted.solution.arc, &fitted.solution.values, look),
            ));
        }
        let Some((_, prediction)) = &of_look else { continue };
        let sigma = residual.sigma * fitted.noise[look.sensor][residual.channel.index()].factor();
        let information = residual.weight / (sigma * sigma);
        let row = problem.row(look, residual.channel, prediction);
        let mut add = |column: usize, by: f64| add(&mut pull, &row, &columns, column, information * by);
        for (column, unknown) in fitted.unknowns.considered.iter().enumerate() {
            match unknown.parameter {
                Parameter::Clock(sensor) if sensor == look.sensor => add(column, -prediction.rate(residual.channel)),
                Parameter::Dynamic(of) => add(column, prediction.partials(residual.channel)[of]),
                _ => {}
            }
        }
    }
    pull
}

fn add(pull: &mut DMatrix<f64>, row: &Row, columns: &[usize], column: usize, information: f64) {
    for (i, a) in row.entries(columns) {
        pull[(i, column)] += information * a;
    }
}

/// Covariance (6×6) of the state at a time: `Φ Σ Φᵀ`.
pub(crate) fn of_state(arc: &super::arc::Arc, uncertainty: &Uncertainty, time: Time) -> SMatrix<f64, 6, 6> {
    let (_, partials) = arc.at(time);
    partials * uncertainty.dynamic * partials.transpose()
}
